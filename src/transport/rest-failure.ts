import type { Code, StatusFields } from "../errors/index.ts";
import { codeOfHttpStatus, parseErrorBody } from "../protocol/http-status.ts";
import { messageOf, PreparationError } from "./grpc-failure.ts";
import type { HttpAnswer } from "./rest-client.ts";
import { readBody } from "./rest-body.ts";
import type { Departure } from "./rest-departure.ts";
import type { AttemptFailure } from "./transport.ts";

/** An attempt failed, and not because the service said so. */
export class RestError extends Error {
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What an error of the service may have to say; the messages of proxies are shorter. */
const maxErrorBytes = 1024 * 1024;
const shownCharacters = 200;

/** The failure of an attempt whose request never left. */
export function unsent(cause: unknown, signal: AbortSignal | undefined): AttemptFailure {
  return {
    ok: false,
    status: statusOf(cause, signal, "UNAUTHENTICATED"),
    mayHaveBeenSent: false,
    cause,
  };
}

/** The failure of an attempt that brought no answer, or a part of one. */
export function unanswered(
  cause: unknown,
  signal: AbortSignal | undefined,
  departure: Departure,
): AttemptFailure {
  const status = statusOf(cause, signal, "UNAVAILABLE");
  return { ok: false, status, mayHaveBeenSent: departure.mayHaveLeft, cause };
}

/** The failure of an attempt that was answered with a status other than 2xx. */
export async function refused(answer: HttpAnswer, departure: Departure): Promise<AttemptFailure> {
  const { text } = await readBody(answer.body, maxErrorBytes);
  const status = (await parseErrorBody(answer.status, text)) ?? foreignStatus(answer, text);
  const cause = new Error(`HTTP ${answer.status}`);
  return { ok: false, status, mayHaveBeenSent: departure.mayHaveLeft, cause };
}

/** Markup of a page. What is not closed goes on to the end: looking for its close from each `<` on would take for ever. */
const markup = /<(style|script)\b.*?(?:<\/\1>|$)|<[^>]*(?:>|$)/gis;

/**
 * Statuses of what refuses a request by looking at it. Whoever has passed it on and got no answer that it
 * can use says 502 or 504 (RFC 9110, 15.6), so that the service has not got what is answered by these: not
 * by a proxy that asks for a password (407) or forbids the host (403), nor by a limit of size or number.
 * All other statuses of 4xx say nothing of that: 408, 409 and 499, those of other purposes, and those that
 * load balancers have made up, some of them for requests that were passed on.
 */
const refusedBefore: ReadonlySet<number> = new Set([
  ...[400, 401, 403, 404, 405, 407, 411, 413, 414, 415, 417, 421, 426, 428, 429, 431, 451],
]);

/** What a proxy or a load balancer says, or the front end of the service about a URL that it does not have. */
function foreignStatus(answer: HttpAnswer, text: string): StatusFields {
  const words = text.replace(markup, " ").replace(/\s+/g, " ");
  const beginning = words.trim().slice(0, shownCharacters) || "an empty body";
  const code = codeOfForeign(answer.status);
  const message = `HTTP ${answer.status} with no error of the service: ${beginning}`;
  return { code, message, details: [] };
}

function codeOfForeign(httpStatus: number): Code {
  if (httpStatus === 404) return "UNIMPLEMENTED";
  const code = codeOfHttpStatus(httpStatus);
  // The code of statuses without one of their own, which tells of a refusal.
  const isVague = code === "FAILED_PRECONDITION" && !refusedBefore.has(httpStatus);
  return isVague ? "UNKNOWN" : code;
}

function statusOf(cause: unknown, signal: AbortSignal | undefined, other: Code): StatusFields {
  const own = cause instanceof RestError || cause instanceof PreparationError;
  const code = signal?.aborted === true ? "CANCELLED" : own ? cause.code : other;
  return { code, message: messageOf(cause), details: [] };
}

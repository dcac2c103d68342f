import { codeName, type StatusFields } from "../errors/index.ts";
import { decodeStatusTrailer } from "../protocol/status.ts";
import type { AttemptFailure } from "./transport.ts";

/** Nothing was sent, and this is why. */
export class PreparationError extends Error {
  readonly code:
    "UNAUTHENTICATED" | "UNAVAILABLE" | "DEADLINE_EXCEEDED" | "FAILED_PRECONDITION" | "CANCELLED";

  constructor(code: PreparationError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The failure of an attempt whose request never left. */
export function notSent(cause: unknown, signal: AbortSignal | undefined): AttemptFailure {
  const code = signal?.aborted === true ? "CANCELLED" : codeOfPreparation(cause);
  const status = { code, message: messageOf(cause), details: [] } as const;
  return { ok: false, status, mayHaveBeenSent: false, cause };
}

/** Whoever sends a request does not want it to leave any more. */
export function notWanted(): PreparationError {
  return new PreparationError("CANCELLED", "it was not sent: its sender did not let it leave");
}

/** No token could be had; where its server is at fault, trying again may help. */
export function noCredentials(cause: unknown): PreparationError {
  const code = isOfServer(cause) ? "UNAVAILABLE" : "UNAUTHENTICATED";
  return new PreparationError(code, `no credentials: ${messageOf(cause)}`, { cause });
}

/** Errors of google-auth-library's HTTP client carry the request's `config`, and a status where there was an answer. */
function isOfServer(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("config" in cause)) return false;
  const { status = 503 } = cause as { status?: number };
  return status >= 500 || status === 429;
}

function codeOfPreparation(cause: unknown): PreparationError["code"] {
  // What createStub rejects with beside our own errors is about credentials: universe, mTLS, look-up.
  return cause instanceof PreparationError ? cause.code : "UNAUTHENTICATED";
}

/**
 * What grpc-js says where no status came from the server: it makes one of a broken stream or an answer
 * that it cannot take, with codes by which the service refuses. The request may well have been accepted.
 */
const ownStatuses: ReadonlySet<unknown> = new Set([
  "Bandwidth exhausted or memory limit exceeded",
  "Protocol not secure enough",
  "No message received",
  "Too many responses received",
]);

/** How grpc-js begins to say that it could not write a request, of which nothing has left then. */
const notWritten = "Request message serialization failure";

/** The failure of an attempt whose request was given to gRPC. */
export async function sentFailure(error: unknown): Promise<AttemptFailure> {
  const status = await statusOf(error);
  const mayHaveBeenSent = !status.message.startsWith(notWritten);
  return { ok: false, status, mayHaveBeenSent, cause: error };
}

/** The status that a call ended with, its details decoded. */
async function statusOf(error: unknown): Promise<StatusFields> {
  const { code, details, metadata } = error as {
    code?: unknown;
    details?: unknown;
    metadata?: { get(key: string): unknown[] };
  };
  const trailer = metadata?.get("grpc-status-details-bin")[0];
  if (trailer instanceof Uint8Array) {
    const status = await decodeStatusTrailer(trailer).catch(() => undefined);
    if (status !== undefined) return status;
  }
  return {
    code: typeof code === "number" && !ownStatuses.has(details) ? codeName(code) : "UNKNOWN",
    message: typeof details === "string" && details !== "" ? details : messageOf(error),
    details: [],
  };
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { ServerResponse } from "node:http";
import type { Code } from "../../errors/index.ts";
import type { DropMoment } from "../faults/fault-rule.ts";
import type { ServiceStatus } from "../service-error.ts";

// Source: the comments of google/rpc/code.proto.
const httpStatus: Readonly<Record<Code, number>> = {
  OK: 200,
  CANCELLED: 499,
  UNKNOWN: 500,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  OUT_OF_RANGE: 400,
  UNIMPLEMENTED: 501,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DATA_LOSS: 500,
  UNAUTHENTICATED: 401,
};

/** The HTTP status of a code of google.rpc. */
export function httpStatusOf(code: Code): number {
  return httpStatus[code];
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, body: unknown, statusCode = 200): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(statusCode, {
    "content-type": "application/json; charset=UTF-8",
    "content-length": text.byteLength,
  });
  response.end(text);
}

/** Answers with an error in the form of Google's APIs. */
export function sendStatus(response: ServerResponse, status: ServiceStatus): void {
  const { code, message, details = [] } = status;
  const number = httpStatus[code];
  const error = { code: number, message, status: code };
  sendJson(response, { error: details.length === 0 ? error : { ...error, details } }, number);
}

/** Ends the connection: before any answer, or after the headers and the first byte of the body. */
export function dropConnection(response: ServerResponse, moment: DropMoment): void {
  const { socket } = response;
  if (moment === "beforeHeaders") {
    socket?.resetAndDestroy();
    return;
  }
  response.writeHead(200, { "content-type": "application/json", "content-length": 2 });
  response.write("{", () => socket?.destroy());
}

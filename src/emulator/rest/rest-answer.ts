import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { Code } from "../../errors/index.ts";
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

/** Answers with JSON, zipped for those who ask for it. */
export function sendJson(response: ServerResponse, body: unknown, statusCode = 200): void {
  const text = Buffer.from(JSON.stringify(body));
  const isZipped = wantsGzip(response.req);
  const content = isZipped ? gzipSync(text) : text;
  response.writeHead(statusCode, {
    "content-type": "application/json; charset=UTF-8",
    "content-length": content.byteLength,
    ...(isZipped ? { "content-encoding": "gzip", vary: "Accept-Encoding" } : {}),
  });
  response.end(content);
}

/** As Google's servers have it, the User-Agent has to say so too. */
function wantsGzip({ headers }: IncomingMessage): boolean {
  const { "accept-encoding": accepted = "" } = headers;
  return /\bgzip\b/.test(accepted) && /\bgzip\b/.test(headers["user-agent"] ?? "");
}

/** Answers as Google's front end does for a URL that is no method's: with a page, and no status of google.rpc. */
export function sendNotFound({ url = "" }: IncomingMessage, response: ServerResponse): void {
  const text = url.replace(/[<>&"]/g, (char) => `&#${char.charCodeAt(0)};`);
  const page = `<!DOCTYPE html>
<html lang=en>
  <title>Error 404 (Not Found)!!1</title>
  <p><b>404.</b> That’s an error.
  <p>The requested URL <code>${text}</code> was not found on this server. That’s all we know.
`;
  response.writeHead(404, {
    "content-type": "text/html; charset=UTF-8",
    "content-length": Buffer.byteLength(page),
  });
  response.end(page);
}

/** Answers with an error in the form of Google's APIs. */
export function sendStatus(response: ServerResponse, status: ServiceStatus): void {
  const { code, message, details = [] } = status;
  const number = httpStatus[code];
  const error = { code: number, message, status: code };
  sendJson(response, { error: details.length === 0 ? error : { ...error, details } }, number);
}

/** Ends the connection: before any answer, or after the headers and the first byte of the body. */
export function dropConnection(
  response: ServerResponse,
  moment: "beforeHeaders" | "afterHeaders",
): void {
  const { socket } = response;
  if (moment === "beforeHeaders") {
    socket?.resetAndDestroy();
    return;
  }
  response.writeHead(200, { "content-type": "application/json", "content-length": 2 });
  response.write("{", () => socket?.destroy());
}

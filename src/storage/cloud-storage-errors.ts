import { StorageError, type StorageErrorReason } from "../errors/index.ts";

/** An answer of the service other than success. */
export class HttpStatusError extends Error {
  readonly status: number;
  /** What the server asks to wait before another try, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(status: number, message: string, retryAfterMs = 0) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A request got no answer, or no further byte of it, in time. */
export class IdleTimeoutError extends Error {
  constructor(idleTimeoutMs: number) {
    super(`nothing came for ${idleTimeoutMs} ms`);
  }
}

/** An answer ended before the end that it had told. */
export class CutShortError extends Error {
  constructor(at: number, end: number) {
    super(`the content ended at byte ${at} of ${end}`);
  }
}

const networkCodes =
  /^(?:E(?:CONN(?:RESET|REFUSED|ABORTED)|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NETDOWN|AI_AGAIN|NOTFOUND)|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_\w+)$/;

/** Whether the same request may well succeed when it is sent again. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  // Source: https://cloud.google.com/storage/docs/retry-strategy
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  return causesOf(error).some(
    (cause) =>
      cause instanceof IdleTimeoutError ||
      cause instanceof CutShortError ||
      networkCodes.test(String(codeOf(cause))),
  );
}

/** The {@link StorageError} for what went wrong with an object or prefix; one is passed on. */
export function fromCloudError(error: unknown, uri: string): StorageError {
  if (error instanceof StorageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StorageError(`${uri}: ${message}`, { reason: reasonOf(error), uri }, { cause: error });
}

/** The HTTP status that an error tells of, or undefined where there was no answer. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpStatusError) return error.status;
  for (const cause of causesOf(error)) {
    const { status, code } = cause as { status?: unknown; code?: unknown };
    const number = typeof status === "number" ? status : code;
    if (typeof number === "number" && number >= 300 && number < 600) return number;
  }
  return undefined;
}

function reasonOf(error: unknown): StorageErrorReason {
  const status = statusOf(error);
  if (status === 404) return "notFound";
  if (status === 412) return "preconditionFailed";
  if (status === 401 || status === 403) return "permissionDenied";
  if (isTransient(error)) return "unavailable";
  if (status === 400) return "invalidArgument";
  const isCredentials = /credential|invalid_grant|reauth/i.test(String(error));
  return isCredentials ? "permissionDenied" : "unknown";
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code;
}

/** An error and those beneath it. */
function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at instanceof Error && causes.length < 8; at = at.cause) causes.push(at);
  return causes;
}

import { StorageError, type StorageErrorReason } from "../../errors/index.ts";

/** An answer other than success, in the terms of the JSON API. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly httpStatus: number;
  /** e.g. `conditionNotMet`. */
  readonly reason: string;

  constructor(httpStatus: number, message: string, reason = reasonOfStatus(httpStatus)) {
    super(message);
    this.httpStatus = httpStatus;
    this.reason = reason;
  }

  /** The body that the JSON API answers with. */
  toBody(): Record<string, unknown> {
    const { httpStatus: code, message, reason } = this;
    return { error: { code, message, errors: [{ message, domain: "global", reason }] } };
  }
}

const statuses: Readonly<Record<StorageErrorReason, number>> = {
  notFound: 404,
  preconditionFailed: 412,
  permissionDenied: 403,
  invalidArgument: 400,
  corrupt: 500,
  unavailable: 503,
  unknown: 500,
};

/** The answer to a call in which something was thrown. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof StorageError) return new ApiError(statuses[error.reason], error.message);
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError(500, `the emulator failed: ${message}`);
}

/** The answer where there is no such bucket or object. */
export function notFound(what: string): ApiError {
  return new ApiError(404, `${what} does not exist`);
}

/** The answer to a request that is not right in itself. */
export function badRequest(message: string): ApiError {
  return new ApiError(400, message);
}

/** Source: https://cloud.google.com/storage/docs/json_api/v1/status-codes */
const reasons = new Map([
  [304, "notModified"],
  [400, "invalid"],
  [401, "required"],
  [403, "forbidden"],
  [404, "notFound"],
  [405, "methodNotAllowed"],
  [408, "uploadBrokenConnection"],
  [409, "conflict"],
  [410, "gone"],
  [411, "required"],
  [412, "conditionNotMet"],
  [413, "uploadTooLarge"],
  [416, "requestedRangeNotSatisfiable"],
  [429, "rateLimitExceeded"],
  [501, "notImplemented"],
  [503, "backendError"],
]);

function reasonOfStatus(httpStatus: number): string {
  return reasons.get(httpStatus) ?? "backendError";
}

import { codeNumbers, MissingPackageError, VisionBatchError, type Code } from "../errors/index.ts";
import type { PlainJson } from "./plain-json.ts";

/** A `google.rpc.Status` as the emulator answers it; each detail is an `Any` in proto3 JSON form. */
export interface ServiceStatus {
  /** The name of its code. */
  readonly code: Code;
  /** What went wrong, in English. */
  readonly message: string;
  /** e.g. `{ "@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1.5s" }`. */
  readonly details?: readonly PlainJson[];
}

/** One field of a request that the service refuses. */
export interface FieldViolation {
  /** e.g. `requests[0].features[1].type`. */
  readonly field: string;
  readonly description: string;
}

/** A call is answered with a status other than OK. */
export class ServiceError extends VisionBatchError {
  override readonly name = "ServiceError";
  readonly code: Code;
  readonly details: readonly PlainJson[];

  constructor({ code, message, details = [] }: ServiceStatus) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** INVALID_ARGUMENT that names the fields in a `google.rpc.BadRequest`. */
export function invalidArgument(violations: readonly FieldViolation[]): ServiceError {
  return new ServiceError({
    code: "INVALID_ARGUMENT",
    message: violations.map(({ description }) => description).join("\n"),
    details: [
      { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: violations },
    ],
  });
}

/** The status of anything thrown: its own, UNIMPLEMENTED for a package that is not there, else INTERNAL. */
export function statusOf(error: unknown): ServiceStatus {
  if (error instanceof ServiceError) {
    return { code: error.code, message: error.message, details: error.details };
  }
  if (error instanceof MissingPackageError) {
    return { code: "UNIMPLEMENTED", message: error.message };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: "INTERNAL", message: `internal error of the emulator: ${message}` };
}

/** A status as `google.rpc.Status` in proto3 JSON form; `details` is left out where there are none. */
export function statusToJson({ code, message, details = [] }: ServiceStatus): {
  readonly code: number;
  readonly message: string;
  readonly details?: readonly PlainJson[];
} {
  return { code: codeNumbers[code], message, ...(details.length === 0 ? {} : { details }) };
}

import { codeNumbers, type Code } from "./code.ts";
import {
  findDetails,
  statusFacts,
  type DetailValue,
  type StatusDetail,
  type StatusFields,
} from "./status-details.ts";
import { definedOf } from "./plain-data.ts";
import { VisionBatchError } from "./vision-batch-error.ts";

/** The base of what can end an operation without a result. */
export class OperationError extends VisionBatchError {
  override readonly name: string = "OperationError";
  /** The name of the operation, e.g. `projects/p/operations/x`. */
  readonly operationName: string;

  constructor(message: string, operationName: string, options?: ErrorOptions) {
    super(message, options);
    this.operationName = operationName;
  }
}

/** The service reports that the operation failed. */
export class OperationFailedError extends OperationError {
  override readonly name: string = "OperationFailedError";
  /** The name of the code that the operation ended with. */
  readonly code: Code;
  /** The details beside it, decoded where their type is known. */
  readonly details: readonly StatusDetail[];

  constructor(operationName: string, status: StatusFields) {
    super(
      `operation ${operationName} failed with ${status.code}: ${status.message || "no message"}`,
      operationName,
    );
    this.code = status.code;
    this.details = status.details;
  }

  /** The code as a number of `google.rpc.Code`. */
  get codeNumber(): number {
    return codeNumbers[this.code];
  }

  /** `google.rpc.ErrorInfo.reason`, e.g. `RATE_LIMIT_EXCEEDED`. */
  get reason(): string | undefined {
    return statusFacts(this.details).reason;
  }

  /** `google.rpc.ErrorInfo.domain`, e.g. `googleapis.com`. */
  get domain(): string | undefined {
    return statusFacts(this.details).domain;
  }

  /** How long the server asks to wait before another try (`google.rpc.RetryInfo`), in milliseconds. */
  get retryDelayMs(): number | undefined {
    return statusFacts(this.details).retryDelayMs;
  }

  /** Every detail of a google.rpc type, e.g. `findDetails("QuotaFailure")`, in proto3 JSON form. */
  findDetails(type: string): readonly DetailValue[] {
    return findDetails(this.details, type);
  }

  override toJSON(): Record<string, unknown> {
    return definedOf({ ...super.toJSON(), ...statusFacts(this.details) });
  }
}

/** The operation was cancelled: it ended with the code CANCELLED. */
export class OperationCancelledError extends OperationFailedError {
  override readonly name = "OperationCancelledError";
}

/** The operation is done with neither result nor error, or with one that is not of the expected type. */
export class OperationResultError extends OperationError {
  override readonly name = "OperationResultError";
}

/** `wait` ran out of its `timeoutMs`; the operation itself goes on. */
export class WaitTimeoutError extends OperationError {
  override readonly name = "WaitTimeoutError";
  /** How long was waited, in milliseconds. */
  readonly timeoutMs: number;

  constructor(operationName: string, timeoutMs: number) {
    super(
      `operation ${operationName} was not done after ${timeoutMs} ms; it goes on, wait again to follow it`,
      operationName,
    );
    this.timeoutMs = timeoutMs;
  }
}

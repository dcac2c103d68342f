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

/** What an {@link RpcError} carries beside its status. */
export interface RpcErrorFields extends StatusFields {
  /** The called method, e.g. `google.longrunning.Operations/GetOperation`. */
  readonly method: string;
  /** The operation that the call was about, where it was about one. */
  readonly operationName?: string | undefined;
}

/** A call was answered with a status other than OK, or got no answer. */
export class RpcError extends VisionBatchError {
  override readonly name: string = "RpcError";
  /** The name of the code that the call was answered with, or that stands for why it was not answered. */
  readonly code: Code;
  /** The details beside it, decoded where their type is known. */
  readonly details: readonly StatusDetail[];
  /** The called method, e.g. `google.longrunning.Operations/GetOperation`. */
  readonly method: string;
  /** The operation that the call was about; absent where it was about none. */
  declare readonly operationName?: string;

  constructor(message: string, fields: RpcErrorFields, options?: ErrorOptions) {
    super(message, options);
    this.code = fields.code;
    this.details = fields.details;
    this.method = fields.method;
    if (fields.operationName !== undefined) this.operationName = fields.operationName;
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

/**
 * What became of a call that is sent once and was not answered with success: `rejected` was not
 * accepted and may be sent again; `unknown` may have been accepted (and be billed, if it annotates),
 * so look before sending it again.
 */
export type SubmitFailure = "rejected" | "unknown";

/** A call that is sent once was not answered with success; `outcome` tells whether it may be sent again. */
export class SubmitError extends RpcError {
  override readonly name = "SubmitError";
  /** Whether it may be sent again: `rejected`, yes; `unknown`, only after looking for what became of it. */
  readonly outcome: SubmitFailure;

  constructor(
    message: string,
    fields: RpcErrorFields & { readonly outcome: SubmitFailure },
    options?: ErrorOptions,
  ) {
    super(message, fields, options);
    this.outcome = fields.outcome;
  }
}

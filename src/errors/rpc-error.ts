import { codeNumbers, type Code } from "./code.ts";
import {
  detailsToJson,
  findDetail,
  type StatusDetail,
  type StatusFields,
} from "./status-details.ts";
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
  readonly code: Code;
  readonly details: readonly StatusDetail[];
  readonly method: string;
  readonly operationName?: string;

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
    return stringField(this.findDetail("ErrorInfo"), "reason");
  }

  /** `google.rpc.ErrorInfo.domain`, e.g. `googleapis.com`. */
  get domain(): string | undefined {
    return stringField(this.findDetail("ErrorInfo"), "domain");
  }

  /** How long the server asks to wait before another try (`google.rpc.RetryInfo`), in milliseconds. */
  get retryDelayMs(): number | undefined {
    const delay = stringField(this.findDetail("RetryInfo"), "retryDelay");
    const seconds = delay === undefined ? Number.NaN : Number.parseFloat(delay);
    return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
  }

  /** The first detail of a google.rpc type, e.g. `findDetail("QuotaFailure")`, in proto3 JSON form. */
  findDetail(type: string): Readonly<Record<string, unknown>> | undefined {
    return findDetail(this.details, type);
  }

  override toJSON(): Record<string, unknown> {
    return {
      ...super.toJSON(),
      details: detailsToJson(this.details),
      reason: this.reason,
      domain: this.domain,
      retryDelayMs: this.retryDelayMs,
    };
  }
}

/**
 * What became of a submit that did not answer with an Operation: `rejected` was not accepted and may
 * be sent again; `unknown` may have been accepted and be billed, so look before sending it again.
 */
export type SubmitFailure = "rejected" | "unknown";

/** A submit did not answer with an Operation; `outcome` tells whether it may be sent again. */
export class SubmitError extends RpcError {
  override readonly name = "SubmitError";
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

function stringField(
  detail: Readonly<Record<string, unknown>> | undefined,
  field: string,
): string | undefined {
  const value = detail?.[field];
  return typeof value === "string" ? value : undefined;
}

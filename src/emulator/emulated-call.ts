import type { ApiVersion } from "../protocol/api-version.ts";
import type { MethodEntry } from "../protocol/method-table.ts";
import type { FaultService, FaultStrike } from "./faults/fault-rule.ts";
import type { PlainJson } from "./plain-json.ts";
import type { ServiceStatus } from "./service-error.ts";

/** How a call came. */
export type CallTransport = "grpc" | "rest";

/** A method that the emulator serves. */
export interface EmulatedMethod {
  readonly service: FaultService;
  /** The version of the API that it was called by; absent for operations. */
  readonly version?: ApiVersion;
  readonly entry: MethodEntry;
}

/** A call as the handlers see it, whatever it came by. */
export interface EmulatedCall extends EmulatedMethod {
  readonly transport: CallTransport;
  readonly request: PlainJson;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
}

/** A call with the fault that is to end the operation that it starts. */
export interface AcceptedCall extends EmulatedCall {
  readonly operationStrike?: FaultStrike | undefined;
}

/** Answers a call. @throws ServiceError for a status other than OK. */
export type CallHandler = (call: AcceptedCall) => Promise<PlainJson>;

/** What a transport does with a call in the end. */
export type CallOutcome =
  | { readonly response: PlainJson; readonly drop?: undefined }
  | { readonly status: ServiceStatus; readonly drop?: undefined }
  | { readonly drop: "beforeHeaders" | "afterHeaders" }
  | { readonly response: PlainJson; readonly drop: "afterResponse" };

import type { OperationHandle, OperationToken } from "../../operations/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { SpanStart } from "../../telemetry/index.ts";
import type { CallOptions } from "../../transport/index.ts";
import type { PollTiming } from "../steps/situation.ts";

/** The methods that chunks are sent by. */
export type SubmitMethod = "asyncBatchAnnotateImages" | "asyncBatchAnnotateFiles";

/** Options of sending a prepared request. */
export interface SendOptions extends CallOptions {
  /** Asked right before the request leaves, once there is a connection: where it may not, it is `rejected`, CANCELLED. */
  readonly mayLeave?: (() => boolean) | undefined;
  /** What its span tells beside the call. */
  readonly span?: Partial<Pick<SpanStart, "isRoot" | "attributes">> | undefined;
}

/** A request that was checked and is ready to be sent. */
export interface PreparedSubmit {
  /** Waits until it could leave at once. @throws SubmitError, `rejected`, where it could not; the signal's reason. */
  ready(options?: CallOptions): Promise<void>;
  /** Sends it, once. @throws SubmitError whose `outcome` tells whether it may be sent again. */
  send(options?: SendOptions): Promise<OperationHandle>;
}

/** What runs need of the service. */
export interface RunService {
  readonly version: ApiVersion;
  /** Checks a request; nothing is sent. @throws InvalidRequestError */
  prepare(method: SubmitMethod, request: object, options?: CallOptions): Promise<PreparedSubmit>;
  /** A handle of an operation that was started before; nothing is sent. */
  operation(reference: string | OperationToken): OperationHandle;
  /** The operations that the service still knows. @throws RpcError, UNIMPLEMENTED where it does not offer this. */
  listOperations(options?: CallOptions): AsyncGenerator<OperationHandle, void, void>;
  /** The pause before an operation is read again that goes on and is not watched, in milliseconds. Default: as Google recommends. */
  readonly planRead?: ((timing: PollTiming) => number) | undefined;
  /** Reads of operations a minute that are made at present at most, by all who share a journal. Default: any number. */
  readonly readsPerMinute?: (() => number) | undefined;
}

import type { OperationToken } from "../../operations/operation-token.ts";
import type { ResultStatus } from "../../results/result-record.ts";
import type { SubmitGate } from "../journal/chunk-writes.ts";
import type { JsonData } from "../journal/run-record.ts";

/** What one read of an operation told; an `OperationSnapshot` is one. */
export type OperationFinding =
  | { readonly state: "running" }
  | { readonly state: "succeeded" }
  | { readonly state: "failed" | "cancelled"; readonly error: Error };

/** Nothing but that the chunk is due: it was just claimed, or the time of its `wait` has come. */
export interface DueEvidence {
  readonly type: "due";
}

/** The intent to submit was not let through. */
export interface HeldBackEvidence {
  readonly type: "heldBack";
  readonly gate: Extract<SubmitGate, { readonly gate: "wait" | "stopped" | "accepted" }>;
}

/** Nothing reaches the service: no intent was written, and the submit is tried again until one can leave. */
export interface UnreachableEvidence {
  readonly type: "unreachable";
  readonly error: Error;
  /** Whether the error tells more than the one that is noted. */
  readonly isNews?: boolean;
}

/** What was held back because nothing reached the service waits for room by now. */
export interface ReachableEvidence {
  readonly type: "reachable";
}

/** The service answered the submit with an operation. */
export interface AcceptedEvidence {
  readonly type: "accepted";
  readonly operation: OperationToken;
}

/** The submit did not answer with an operation. */
export interface SubmitFailedEvidence {
  readonly type: "submitFailed";
  /**
   * `SubmitError.outcome`; `rejected` too where the request was refused here and nothing was sent. `unsent`:
   * nothing left this process, for a reason that does not lie with the request, which may be sent again.
   */
  readonly outcome: "rejected" | "unsent" | "unknown";
  readonly error: Error;
}

/** The operation was read. */
export interface OperationReadEvidence {
  readonly type: "operationRead";
  readonly finding: OperationFinding;
}

/** The operation could not be read; NOT_FOUND: it is gone. */
export interface OperationUnreadEvidence {
  readonly type: "operationUnread";
  readonly error: Error;
}

/** The service took the request to cancel the operation; it need not follow it. */
export interface CancelAskedEvidence {
  readonly type: "cancelAsked";
}

/** The request to cancel the operation failed. */
export interface CancelFailedEvidence {
  readonly type: "cancelFailed";
  readonly error: Error;
}

/** Operations were listed; `match` is the one that wrote under the attempt's prefix, if there is one. */
export interface OperationsListedEvidence {
  readonly type: "operationsListed";
  readonly match?: { readonly operation: OperationToken; readonly finding: OperationFinding };
}

/** Operations could not be listed; UNIMPLEMENTED and refusals are taken as: the list tells nothing. */
export interface OperationsUnlistedEvidence {
  readonly type: "operationsUnlisted";
  readonly error: Error;
}

/** The attempt's prefix was listed. */
export interface OutputListedEvidence {
  readonly type: "outputListed";
  /** Shards under the prefix, readable or not. */
  readonly shards: number;
}

/** The attempt's output was read. */
export interface OutputReadEvidence {
  readonly type: "outputRead";
  /** `ResultManifest.counts`: they add up to the chunk's size. */
  readonly counts: Readonly<Record<ResultStatus, number>>;
  /** A code an input, in their order; may be absent where all have the same. */
  readonly statuses?: Uint8Array;
  /** Shards under the prefix, readable or not. */
  readonly shards: number;
  /** `ResultManifest.shardErrorCount`. */
  readonly malformed: number;
  /** The manifest as plain data. */
  readonly manifest: JsonData;
}

/** The attempt's output could not be listed or read: the store failed, not a shard. */
export interface OutputUnreadEvidence {
  readonly type: "outputUnread";
  readonly error: Error;
}

/** What an effect brought to light. */
export type Evidence =
  | DueEvidence
  | HeldBackEvidence
  | UnreachableEvidence
  | ReachableEvidence
  | AcceptedEvidence
  | SubmitFailedEvidence
  | OperationReadEvidence
  | OperationUnreadEvidence
  | CancelAskedEvidence
  | CancelFailedEvidence
  | OperationsListedEvidence
  | OperationsUnlistedEvidence
  | OutputListedEvidence
  | OutputReadEvidence
  | OutputUnreadEvidence;

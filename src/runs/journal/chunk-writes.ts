import type { OperationToken } from "../../operations/operation-token.ts";
import type {
  AttemptOutcome,
  AttemptRecord,
  ChunkOutcome,
  ChunkProgress,
  ChunkRef,
  ChunkState,
  Claim,
} from "./chunk-record.ts";
import type { NewEvent } from "./event-record.ts";
import type { FlowChange, FlowLimits } from "./flow-record.ts";
import type { ChunkKind, JsonData, RunKey, RunState } from "./run-record.ts";

/** A chunk to be written by a plan or a retry. */
export interface NewChunk {
  readonly number: number;
  readonly kind: ChunkKind;
  readonly size: number;
  /** The lowest number of its inputs in the run. */
  readonly first: number;
  /** The highest number of its inputs in the run; others between them may be in other chunks. */
  readonly last: number;
  /** The inputs, as `encodeInputs` makes them; opaque to the journal. */
  readonly block: Uint8Array;
  /** SHA-256 of kind and block, in hex. */
  readonly digest: string;
}

/** Chunks that go on where the plan of a run stands. */
export interface PlanPart {
  readonly run: RunKey;
  /** Numbered on from the chunks that the run has. */
  readonly chunks: readonly NewChunk[];
  readonly nowMs: number;
}

/** The end of a plan: what it must add up to. */
export interface PlanTotals {
  readonly run: RunKey;
  readonly chunks: number;
  readonly inputs: number;
  readonly digest: string;
  readonly nowMs: number;
}

/** What a worker asks for. */
export interface ClaimRequest {
  /** Unique to the process and its start: a claim of a namesake would be taken for its own. */
  readonly worker: string;
  /** Which states, the first ones first; within a state, what has been due longest. */
  readonly states: readonly ChunkState[];
  /** Default: the chunks of all runs. */
  readonly runs?: readonly RunKey[];
  /** Default: any; else only these, in no order. */
  readonly chunks?: readonly ChunkRef[];
  readonly limit: number;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
}

/** A claim that its worker still holds. */
export interface HeldClaim extends Claim {
  /** So that the worker notices a pause or a cancel. */
  readonly runState: RunState;
}

/** The intent to submit a chunk. */
export interface SubmitIntent {
  /** The output prefix of the attempt whose number follows the chunk's last one. */
  readonly prefix: string;
  /** A digest of the request that will be sent. */
  readonly fingerprint: string;
  readonly limits: FlowLimits;
  readonly nowMs: number;
  /** The event to write with it: it tells why, where it is not the first attempt. */
  readonly event: NewEvent;
  /** The name of the last attempt's operation, where one is known that the service does not have any more. */
  readonly goneOperation?: string;
}

/** What became of an intent; only after `begun` may the request be sent. */
export type SubmitGate =
  | { readonly gate: "begun"; readonly attempt: AttemptRecord }
  /** The limits leave no room; ask again after `waitMs`, with the claim kept. */
  | { readonly gate: "wait"; readonly waitMs: number; readonly limit: "processing" | "requests" }
  /** The last attempt was accepted: an operation of it was recorded that the intent does not name. */
  | { readonly gate: "accepted"; readonly operation: OperationToken }
  /** The run takes no submits now. */
  | { readonly gate: "stopped"; readonly runState: RunState }
  | { readonly gate: "lost" };

/** What became known of the current attempt. */
export interface AttemptChange {
  readonly outcome: AttemptOutcome;
  readonly operation?: OperationToken;
  readonly error?: JsonData;
}

/** One step of a claimed chunk, written as a whole or not at all. */
export interface ChunkStep {
  readonly claim: Claim;
  readonly progress: ChunkProgress;
  /** What is given takes the place of what is known; what is not is kept. */
  readonly attempt?: AttemptChange;
  /** What became of the inputs, when the chunk ends. */
  readonly outcome?: ChunkOutcome;
  readonly events: readonly NewEvent[];
  /** Slows down or speeds up all submits of the run's scope. */
  readonly flow?: FlowChange;
  /**
   * When is looked whether the records of an ended chunk were handed on since. Absent: nobody takes them, or
   * they were. Kept by journals that workers share.
   */
  readonly undeliveredMs?: number;
  /** Gives the claim back. An ended chunk is given back in any case. */
  readonly release?: boolean;
  readonly nowMs: number;
}

/** An operation that a worker learned of after it had lost its claim. */
export interface LateOperation extends ChunkRef {
  readonly attempt: number;
  readonly operation: OperationToken;
  readonly worker: string;
  readonly nowMs: number;
}

/** That an attempt was refused or never left, as a worker learned after it had lost its claim. */
export interface LateRefusal extends ChunkRef {
  readonly attempt: number;
  /** Why, as an error's `toJSON` tells it. */
  readonly error: JsonData;
  readonly worker: string;
  readonly nowMs: number;
}

/** New chunks of inputs that failed or are missing, and the chunks that they were taken from. */
export interface RetryPart {
  readonly run: RunKey;
  /** The round that this is; a run begins a new round with the first part of it. */
  readonly round: number;
  readonly chunks: readonly NewChunk[];
  /** With the inputs that were taken as `retried`; the fences are those that were read. */
  readonly taken: readonly (ChunkRef & {
    readonly fence: number;
    readonly outcome: ChunkOutcome;
  })[];
  readonly nowMs: number;
}

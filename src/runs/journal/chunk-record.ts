import type { OperationToken } from "../../operations/operation-token.ts";
import { resultStatuses, type ResultStatus } from "../../results/result-record.ts";
import type { ChunkKind, JsonData, RunKey } from "./run-record.ts";

/** What became of a chunk so far. */
export type ChunkState =
  "planned" | "submitting" | "unknown" | "running" | "collecting" | "done" | "failed" | "cancelled";

/** Every state of a chunk, in the order in which a chunk comes to them. */
export const chunkStates: readonly ChunkState[] = [
  "planned",
  "submitting",
  "unknown",
  "running",
  "collecting",
  "done",
  "failed",
  "cancelled",
];

/** The states that a chunk does not leave: retries make new chunks. */
export const endedChunkStates: readonly ChunkState[] = ["done", "failed", "cancelled"];

/** What became of an input of an ended chunk; `retried`: a later chunk tells. */
export type InputStatus = ResultStatus | "retried";

/** Every status of an input; its index here is its code in {@link ChunkOutcome.statuses}. */
export const inputStatuses: readonly InputStatus[] = [...resultStatuses, "retried"];

/** Inputs by status. */
export type StatusCounts = Readonly<Record<InputStatus, number>>;

/** Which chunk. */
export interface ChunkRef {
  /** Its run, by the journal's own number. */
  readonly run: RunKey;
  /** From 0. */
  readonly number: number;
}

/** The right to change a chunk, as long as nobody claims it later and it is not given back. */
export interface Claim extends ChunkRef {
  /** Who holds it. */
  readonly worker: string;
  /** Grows at every claim, cancel and decision. */
  readonly fence: number;
}

/** Times and counts that the steps go by. Kept as one JSON value: a new field needs no migration. */
export interface ChunkMemo {
  /** Rejected submits in a row, for the backoff. */
  readonly rejections?: number;
  /** Failed polls in a row, for the backoff. */
  readonly pollFailures?: number;
  /** No submit before this time: the server has asked for it. */
  readonly notBeforeMs?: number;
  /** Since when the chunk is held back because nothing reaches the service; the chunk's error tells why. */
  readonly unreachableMs?: number;
  /** Until when an unknown attempt's prefix is looked at before it is decided. */
  readonly quarantineUntilMs?: number;
  /** Until when missing shards are waited for. */
  readonly graceUntilMs?: number;
  /** When a new shard was last seen. */
  readonly lastOutputMs?: number;
  /** Shards that were seen. */
  readonly shards?: number;
  /** When the operation was asked to cancel. */
  readonly cancelAskedMs?: number;
  /** Whether the output was found without its operation. */
  readonly adopted?: boolean;
}

/** What a claimant may write of a chunk; always written whole. */
export interface ChunkProgress {
  /** What became of it so far. */
  readonly state: ChunkState;
  /** When there is next something to do; absent: ended, or waiting for a person's decision. */
  readonly dueMs?: number;
  /** Times that the operation was read. */
  readonly polls: number;
  /** The last error, or the one that ended the chunk, as its `toJSON` tells it. */
  readonly error?: JsonData;
  /** What the steps remember. */
  readonly memo: ChunkMemo;
}

/** A chunk: what one request sends. */
export interface ChunkRecord extends ChunkRef, ChunkProgress {
  /** Whether its inputs are images or files. */
  readonly kind: ChunkKind;
  /** Inputs. */
  readonly size: number;
  /** 0: planned; else the round of `retryFailed` that made it. */
  readonly round: number;
  /** Grows at every claim, cancel and decision, so that who claimed it before can write nothing more. */
  readonly fence: number;
  /** The number of the current attempt; 0 before the first. */
  readonly attempt: number;
  /** Who holds the claim, unless it was given back. */
  readonly worker?: string;
  /** Until when the claim is nobody else's. */
  readonly leaseUntilMs?: number;
  /** What a person decided about an unknown attempt and is not done yet. */
  readonly decision?: Decision;
  /** Inputs by status; all zero until the chunk has ended. */
  readonly counts: StatusCounts;
  /** Its records were not handed on yet, as workers do: when that is asked for anew at the latest. */
  readonly undeliveredMs?: number;
}

/** What a person decides about a chunk whose submit may or may not have been accepted. */
export type Decision = "resubmit" | "fail";

/** What became of a submit; absent in an attempt: not known yet. */
export type AttemptOutcome = "accepted" | "rejected" | "unknown";

/** One submit of a chunk, written before it is made. */
export interface AttemptRecord extends ChunkRef {
  /** From 1 within its chunk. */
  readonly attempt: number;
  /** The output prefix that is this attempt's alone. */
  readonly prefix: string;
  /** A digest of the request. */
  readonly fingerprint: string;
  /** When the intent was written. */
  readonly intentMs: number;
  /** Inputs of the chunk. */
  readonly size: number;
  /** Who made it. */
  readonly worker: string;
  /** The fence of the claim under which it was made. */
  readonly fence: number;
  /** What became of it; absent: not known yet. */
  readonly outcome?: AttemptOutcome;
  /** When the outcome was written. */
  readonly settledMs?: number;
  /** The operation that it started, where it was accepted. */
  readonly operation?: OperationToken;
  /** Why it was rejected or is unknown, as an error's `toJSON` tells it. */
  readonly error?: JsonData;
}

/** A chunk with its current attempt. */
export interface ChunkWithAttempt {
  /** The chunk. */
  readonly chunk: ChunkRecord;
  /** Its current attempt; absent before the first. */
  readonly attempt?: AttemptRecord;
}

/** What became of the inputs of a chunk. */
export interface ChunkOutcome {
  /** Inputs by status; they add up to the chunk's size. */
  readonly counts: StatusCounts;
  /** A code an input, in their order (see {@link inputStatuses}); absent where all have the one status that is counted. */
  readonly statuses?: Uint8Array;
  /** What was read: `ResultManifest` as plain data. */
  readonly manifest?: JsonData;
}

/** A choice of chunks of a run; in the order of their numbers. */
export interface ChunkSelection {
  /** The run, by the journal's own number. */
  readonly run: RunKey;
  /** Default: all. */
  readonly states?: readonly ChunkState[];
  /** Only chunks among whose inputs this number may be: between their first and last. */
  readonly input?: number;
  /** Only chunks after this one. */
  readonly after?: number;
  /** How many at most. */
  readonly limit: number;
}

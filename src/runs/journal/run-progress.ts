import type { ChunkState, StatusCounts } from "./chunk-record.ts";
import type { JsonData, RunRecord } from "./run-record.ts";

/** How many chunks there are, and how many inputs they have. */
export interface ChunkTotals {
  readonly chunks: number;
  readonly inputs: number;
}

/** Submits, and how many inputs they sent. */
export interface AttemptTotals {
  readonly attempts: number;
  readonly inputs: number;
  /** The files among them. */
  readonly files: number;
}

/** Who holds claims of a run. */
export interface ClaimTotals {
  readonly worker: string;
  readonly chunks: number;
  /** Until when, unless they are renewed; in the past: nobody has taken them over yet. */
  readonly leaseUntilMs: number;
}

/** What keeps a run from being sent, though it goes on by itself once that is over. */
export interface RunTrouble {
  readonly sinceMs: number;
  /** As an error's `toJSON` tells it. */
  readonly error: JsonData;
}

/** How far a run has come, in one reading. */
export interface RunProgress {
  readonly run: RunRecord;
  readonly chunks: Readonly<Record<ChunkState, ChunkTotals>>;
  /** Inputs by status; `retried` ones are counted again by their new chunks. What is not counted has not ended. */
  readonly counts: StatusCounts;
  /** Submits by outcome; `pending`: its outcome is not written yet. Those that are not rejected may cost money. */
  readonly attempts: Readonly<
    Record<"accepted" | "rejected" | "unknown" | "pending", AttemptTotals>
  >;
  /** Chunks that a submit was ever written for. */
  readonly tried: number;
  /** Reads of operations. */
  readonly polls: number;
  /** Pages of files that were read, of chunks that have ended. */
  readonly pages: number;
  /** Chunks that wait for a person's decision. */
  readonly undecided: number;
  /** Chunks that have ended whose records were not handed on yet; absent: none. */
  readonly undelivered?: number;
  readonly workers: readonly ClaimTotals[];
  /** Of the claimed chunk that is `planned` and has been held back longest (`ChunkMemo.unreachableMs`), where one is. */
  readonly trouble?: RunTrouble;
}

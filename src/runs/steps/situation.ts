import type { OperationOrigin } from "../../operations/operation-origin.ts";
import type { AttemptRecord, ChunkWithAttempt } from "../journal/chunk-record.ts";
import type { RunState } from "../journal/run-record.ts";
import type { StepPolicy } from "./step-policy.ts";

/** What the pause before the next read of an operation depends on. */
export interface PollTiming {
  readonly origin: OperationOrigin | undefined;
  /** Since the intent to submit it. */
  readonly ageMs: number;
  /** Reads so far. */
  readonly polls: number;
}

/** A claimed chunk and all that a decision about it depends on beside the evidence. */
export interface Situation extends ChunkWithAttempt {
  /** As it was last read; a pause or cancel that is not known yet is met by `beginAttempt`. */
  readonly runState: RunState;
  readonly policy: StepPolicy;
  readonly nowMs: number;
  /** Yields numbers from 0 to 1, for the jitter of pauses. */
  readonly random: () => number;
  /** The pause before the next read of an operation that goes on, in milliseconds. */
  readonly planPoll: (timing: PollTiming) => number;
}

/** The attempt of a chunk that has one by its state. */
export function attemptOf({ chunk, attempt }: ChunkWithAttempt): AttemptRecord {
  if (attempt !== undefined) return attempt;
  throw new Error(`chunk ${chunk.number} is ${chunk.state} without an attempt`);
}

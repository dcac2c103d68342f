import type { ChunkState } from "../journal/chunk-record.ts";
import type { PollTiming } from "../steps/situation.ts";

/** How long a chunk stays with the process that has claimed it. */
export interface Stay {
  /** A longer wait gives the claim back, so that a process does not hold what it does not work on. */
  readonly keptWaitMs: number;
  /** Chunks of a run and kind that wait for room at a time: more would only ask as well, unless they are told together. */
  readonly askingForRoom: number;
  /** Whether a chunk that comes from one state to another is worked on further, or left to whoever claims it next. */
  readonly staysAfter: (before: ChunkState, after: ChunkState) => boolean;
  /** The pause before an operation is read again that goes on. Default: it is watched until it has ended. */
  readonly planPoll?: ((timing: PollTiming) => number) | undefined;
}

/** Until it has ended: waits are made here, but for long ones. */
export const untilItEnds: Stay = { keptWaitMs: 2000, askingForRoom: 1, staysAfter: () => true };

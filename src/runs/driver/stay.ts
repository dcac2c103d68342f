import type { ChunkState } from "../journal/chunk-record.ts";
import type { PollTiming } from "../steps/situation.ts";
import type { HeldChunk } from "./held-chunk.ts";

/** How long a chunk stays with the process that has claimed it. */
export interface Stay {
  /** A longer wait gives the claim back, so that a process does not hold what it does not work on. */
  readonly keptWaitMs: number;
  /** Chunks of a run and kind that wait for room at a time: more would only ask as well, unless they are told together. */
  readonly askingForRoom: number;
  /** Whether a chunk that comes to another state is worked on further, or left to whoever claims it next. */
  readonly staysIn: (held: HeldChunk, state: ChunkState) => boolean;
  /** The pause before an operation is read again that goes on. Default: it is watched until it has ended. */
  readonly planPoll?: ((timing: PollTiming) => number) | undefined;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { RunClock } from "../../src/runs/run-clock.ts";

/** How much faster than that of the machine the clock of the runs goes: what takes minutes takes seconds. */
export const hurry = 20;

/** A clock that goes faster than that of the machine from a time on; all processes that are given the same time agree. */
export function hurriedClock(originMs: number): RunClock {
  return {
    now: () => originMs + (Date.now() - originMs) * hurry,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      await sleep(ms / hurry, undefined, signal === undefined ? {} : { signal }).catch(
        (error: unknown) => {
          signal?.throwIfAborted();
          throw error;
        },
      );
    },
  };
}

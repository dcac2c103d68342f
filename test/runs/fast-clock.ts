import { setTimeout as sleep } from "node:timers/promises";
import type { RunClock } from "../../src/runs/run-clock.ts";

/** A clock that runs faster than that of the machine, from the same time on: what takes minutes takes moments. */
export function fastClock(factor: number): RunClock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * factor,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      await sleep(ms / factor, undefined, signal === undefined ? {} : { signal }).catch(
        (error: unknown) => {
          signal?.throwIfAborted();
          throw error;
        },
      );
    },
  };
}

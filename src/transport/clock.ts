import { setTimeout as delay } from "node:timers/promises";

/** Where time comes from; injected so that tests need not wait. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts, and leaves no timer. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest timer that Node keeps: one that is longer fires at once. */
export const maxTimerMs = 2 ** 31 - 1;

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    const options = signal === undefined ? {} : { signal };
    try {
      let left = ms;
      do {
        await delay(Math.min(left, maxTimerMs), undefined, options);
        left -= maxTimerMs;
      } while (left > 0);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

import { setTimeout as delay } from "node:timers/promises";

/** Where time comes from; injected so that tests need not wait. */
export interface Clock {
  /** Milliseconds that only grow. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts, and leaves no timer. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

import { setTimeout as timeout } from "node:timers/promises";

/** The time that the emulator lives by; a test hands in one of its own. */
export interface EmulatorClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine; its timers do not keep the process alive. */
export const systemClock: EmulatorClock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await timeout(ms, undefined, { ref: false, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/** As `clock.sleep`, but no pause at all for nothing to wait for. */
export async function sleep(clock: EmulatorClock, ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (ms > 0) await clock.sleep(ms, signal);
}

import { onAbort } from "../transport/abortable.ts";
import { systemClock } from "../transport/index.ts";

/** Where runs have their time from: journals keep times that other processes compare, so it is that of the wall. */
export interface RunClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts, and leaves no timer. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The clock of the machine. */
export const wallClock: RunClock = {
  now: () => Date.now(),
  sleep: (ms, signal) => systemClock.sleep(ms, signal),
};

/** Waits, and tells whether the time passed: false where a signal cut it short. */
export async function pause(
  clock: RunClock,
  ms: number,
  ...signals: readonly AbortSignal[]
): Promise<boolean> {
  const cut = new AbortController();
  // Not `AbortSignal.any`, of which signals that live long keep hold until garbage is collected.
  const unlink = onAbort(signals, () => {
    cut.abort();
  });
  try {
    if (signals.some(({ aborted }) => aborted)) return false;
    await clock.sleep(Math.max(0, ms), cut.signal);
    return true;
  } catch (error) {
    if (cut.signal.aborted) return false;
    throw error;
  } finally {
    unlink();
  }
}

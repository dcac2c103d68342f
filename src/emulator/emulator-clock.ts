/** The time that the emulator lives by; a test hands in one of its own. */
export interface EmulatorClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once after `delayMs`; the answer cancels it. */
  schedule(callback: () => void, delayMs: number): () => void;
}

/** The clock of the machine; its timers do not keep the process alive. */
export const systemClock: EmulatorClock = {
  now: () => Date.now(),
  schedule(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`; rejects with the signal's reason as soon as it aborts. */
export async function sleep(
  clock: EmulatorClock,
  delayMs: number,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  if (delayMs <= 0) return;
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.schedule(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

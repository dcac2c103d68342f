interface Waiting {
  readonly units: number;
  readonly admit: () => void;
}

/**
 * Admits work in order of arrival while what is in processing stays within the limit; the excess
 * waits. Work larger than the limit runs alone.
 */
export class ProcessingQueue {
  readonly #limit: number;
  readonly #waiting: Waiting[] = [];
  #inProcessing = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Waits for room for `units`; the answer gives it back. Rejects with the signal's reason. */
  async enter(units: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const entry: Waiting = {
        units,
        admit: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        this.#admitNext();
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(entry);
      this.#admitNext();
    });
    return () => {
      this.#inProcessing -= units;
      this.#admitNext();
    };
  }

  /** Does work of one unit when there is room for it. Rejects with what it rejects with, or the signal's reason. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const leave = await this.enter(1, signal);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  #admitNext(): void {
    for (;;) {
      const next = this.#waiting[0];
      const fits =
        next !== undefined &&
        (this.#inProcessing === 0 || this.#inProcessing + next.units <= this.#limit);
      if (!fits) return;
      this.#waiting.shift();
      this.#inProcessing += next.units;
      next.admit();
    }
  }
}

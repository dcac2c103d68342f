import { pause, type RunClock } from "../run-clock.ts";

/** Lets any number of waiters know that something has changed, also what changed before they waited. */
export class WakeUp {
  #changes = 0;
  #next = new AbortController();

  /** Grows with every change: take it before looking, and wait for more than it. */
  get changes(): number {
    return this.#changes;
  }

  /** Something has changed. */
  wake(): void {
    this.#changes++;
    const told = this.#next;
    this.#next = new AbortController();
    told.abort();
  }

  /** Resolves when more has changed than was seen, when the time is over, or when a signal aborts. */
  async after(
    seen: number,
    limit: { readonly clock: RunClock; readonly ms: number; readonly signal?: AbortSignal },
  ): Promise<void> {
    if (this.#changes !== seen) return;
    const { clock, ms, signal } = limit;
    await pause(clock, ms, this.#next.signal, ...(signal === undefined ? [] : [signal]));
  }
}

import type { Clock } from "../../src/transport/clock.ts";

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that jumps to the next sleeper's end as soon as everybody sleeps. */
export class VirtualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #now = 0;

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const sleeper: Sleeper = {
      until: this.#now + ms,
      wake: () => {
        resolve(undefined);
      },
    };
    const onAbort = (): void => {
      reject(signal?.reason as Error);
    };
    this.#sleepers.add(sleeper);
    signal?.addEventListener("abort", onAbort);
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", onAbort);
      this.#sleepers.delete(sleeper);
    }
  }

  /** Lets time pass until the promise settles. */
  async until<T>(promise: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const end = (): void => {
      state.isOver = true;
    };
    promise.then(end, end);
    for (;;) {
      // What the process itself does, such as loading code, takes no time by this clock.
      await new Promise((resolve) => setImmediate(resolve));
      if (state.isOver) return promise;
      this.#wakeNext();
    }
  }

  #wakeNext(): void {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (next === undefined || sleeper.until < next.until) next = sleeper;
    }
    if (next === undefined) return;
    this.#sleepers.delete(next);
    this.#now = Math.max(this.#now, next.until);
    next.wake();
  }
}

import type { Clock } from "../../src/transport/clock.ts";

interface Sleeper {
  readonly until: number;
  /** Whether time goes on for this one alone. */
  readonly moves: boolean;
  readonly wake: () => void;
}

/** A clock that jumps to the next sleeper's end as soon as nothing but sleeping is left to do. */
export class VirtualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #now = 0;
  #holds = 0;

  /** How many sleep: the timers that a real clock would hold. */
  get pending(): number {
    return this.#sleepers.size;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#sleep(ms, true, signal);
  }

  /** Resolves when so much time has passed for others: while nobody else sleeps, somebody is at work, and it stands still. */
  passed(ms: number): Promise<void> {
    return this.#sleep(ms, false);
  }

  /** Stands still until something is done that takes real time. */
  async hold<T>(done: Promise<T>): Promise<T> {
    this.#holds += 1;
    try {
      return await done;
    } finally {
      this.#holds -= 1;
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
      if (this.#holds === 0) this.#wakeNext();
    }
  }

  async #sleep(ms: number, moves: boolean, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const wake = (): void => {
      resolve(undefined);
    };
    const sleeper: Sleeper = { until: this.#now + ms, moves, wake };
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

  #wakeNext(): void {
    let next: Sleeper | undefined;
    let moves = false;
    for (const sleeper of this.#sleepers) {
      if (next === undefined || sleeper.until < next.until) next = sleeper;
      moves ||= sleeper.moves;
    }
    if (next === undefined || !moves) return;
    this.#sleepers.delete(next);
    this.#now = Math.max(this.#now, next.until);
    next.wake();
  }
}

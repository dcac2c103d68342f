/**
 * A clock of milliseconds since 1970 with a random fraction of its own: two processes that write in
 * the same millisecond give out different generations but for one time in a thousand.
 */
export function createWriterClock(): () => number {
  const fraction = Math.random();
  return () => Date.now() + fraction;
}

/** Gives out generations: microseconds since 1970, each larger than all before. */
export class GenerationClock {
  readonly #now: () => number;
  #last = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A generation later than all that were given out and than `previous`. */
  next(previous: number): number {
    this.#last = Math.max(Math.floor(this.#now() * 1000), this.#last + 1, previous + 1);
    return this.#last;
  }
}

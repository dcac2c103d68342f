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

/** Over how many growths a rate is taken: the pace of the service changes. */
const growthsKept = 20;

interface Growth {
  readonly atMs: number;
  readonly done: number;
}

/** Rate and time left, from how a count grows. */
export class ProgressEstimate {
  readonly #total: number | undefined;
  #growths: readonly Growth[] = [];
  #lookedAtMs = 0;

  constructor(total: number | undefined) {
    this.#total = total;
  }

  /** So many were done at a time, in milliseconds; times and counts only grow. */
  add(atMs: number, done: number): void {
    this.#lookedAtMs = atMs;
    const before = this.#growths.at(-1)?.done ?? 0;
    if (done > before) this.#growths = [...this.#growths, { atMs, done }].slice(-growthsKept);
  }

  /** Responses a second; undefined while all that are there appeared at once, or before anyone looked. */
  get ratePerSecond(): number | undefined {
    const [first, last] = [this.#growths[0], this.#growths.at(-1)];
    if (first === undefined || last === undefined || first === last) return undefined;
    return ((last.done - first.done) * 1000) / (this.#lookedAtMs - first.atMs);
  }

  /** Milliseconds until all are done at this rate; undefined where rate or total are not known. */
  get timeLeftMs(): number | undefined {
    const { ratePerSecond } = this;
    if (ratePerSecond === undefined || this.#total === undefined) return undefined;
    const done = this.#growths.at(-1)?.done ?? 0;
    return (Math.max(0, this.#total - done) * 1000) / ratePerSecond;
  }
}

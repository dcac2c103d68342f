/** Over how many growths a rate is taken: the pace of the service changes. */
const growthsKept = 60;

/** The rate at which a count grows. */
export class RateMeter {
  readonly #growths: { readonly atMs: number; readonly count: number }[] = [];
  #lookedMs = 0;

  /** So many there were at a time; where they are fewer than before, it begins anew. */
  add(atMs: number, count: number): void {
    this.#lookedMs = atMs;
    const last = this.#growths.at(-1)?.count;
    if (last === count) return;
    if (last !== undefined && last > count) this.#growths.length = 0;
    this.#growths.push({ atMs, count });
    if (this.#growths.length > growthsKept) this.#growths.shift();
  }

  /** Undefined until the count was seen to grow. */
  get perSecond(): number | undefined {
    const [first, last] = [this.#growths[0], this.#growths.at(-1)];
    if (first === undefined || last === undefined || first === last) return undefined;
    const ms = this.#lookedMs - first.atMs;
    return ms > 0 ? ((last.count - first.count) * 1000) / ms : undefined;
  }
}

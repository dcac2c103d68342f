/** Whole numbers from 0 on, kept as ranges: compact where most follow each other. */
export class NumberSet {
  /** In order, with gaps between them. */
  readonly #ranges: { first: number; last: number }[] = [];

  add(number: number): void {
    const at = this.#after(number);
    const before = this.#ranges[at - 1];
    const next = this.#ranges[at];
    if (before !== undefined && number <= before.last) return;
    const joinsBefore = before?.last === number - 1;
    const joinsNext = next?.first === number + 1;
    if (joinsBefore && joinsNext) {
      before.last = next.last;
      this.#ranges.splice(at, 1);
    } else if (joinsBefore) before.last = number;
    else if (joinsNext) next.first = number;
    else this.#ranges.splice(at, 0, { first: number, last: number });
  }

  has(number: number): boolean {
    const range = this.#ranges[this.#after(number) - 1];
    return range !== undefined && number <= range.last;
  }

  /** The first numbers from one on that are not in the set; the last of them may be `Infinity`. */
  gapFrom(number: number): { readonly first: number; readonly last: number } {
    const at = this.#after(number);
    const first = Math.max(number, (this.#ranges[at - 1]?.last ?? -1) + 1);
    return { first, last: (this.#ranges[at]?.first ?? Infinity) - 1 };
  }

  /** How many ranges begin at a number or before it. */
  #after(number: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ranges[middle]?.first ?? Infinity) <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

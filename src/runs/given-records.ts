import type { RunResultRecord } from "./driver/chunk-results.ts";
import { NumberSet } from "./number-set.ts";

/** More than a file has pages. */
const placesOfInput = 2 ** 16;

/** The records of a chunk that were given already. */
export class GivenRecords {
  readonly #images = new NumberSet();
  readonly #pages = new Set<number>();
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** The records that were not given before; from now on they were. */
  notGiven<Record extends RunResultRecord>(batch: readonly Record[]): readonly Record[] {
    const fresh = batch.filter((record) => !this.#has(record));
    for (const record of fresh) this.#add(record);
    this.#size += fresh.length;
    return fresh;
  }

  #has({ index, page }: RunResultRecord): boolean {
    return page === undefined
      ? this.#images.has(index)
      : this.#pages.has(index * placesOfInput + page);
  }

  #add({ index, page }: RunResultRecord): void {
    if (page === undefined) this.#images.add(index);
    else this.#pages.add(index * placesOfInput + page);
  }
}

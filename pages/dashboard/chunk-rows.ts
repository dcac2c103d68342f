import type { ChunkEntry, ChunkPage } from "../../src/dashboard/dashboard-data.ts";

/** Chunks in one answer of the server. */
export const pageSize = 100;
/** Pages of all chunks that are kept: what was asked for last. */
const pagesKept = 60;

/** The rows that are in view, by their places. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
}

/** Chunks as a list shows them, as far as they were read. */
export interface ChunkRows {
  /** How many rows there are as far as is known. */
  readonly count: number;
  /** A row; undefined until it has come. */
  at(place: number): ChunkEntry | undefined;
  /** After which chunk is read next, so that nothing in view is lacking or old; undefined: nothing is. */
  next(view: RowRange): number | undefined;
  /** Takes in the chunks that follow on one. */
  take(after: number, page: ChunkPage): void;
  /** What was read is old. */
  age(total: number): void;
}

/** All chunks of a run: a row's place is the chunk's number. */
export class AllRows implements ChunkRows {
  count = 0;
  /** The last ones asked for stand last. */
  readonly #pages = new Map<number, readonly ChunkEntry[]>();
  readonly #old = new Set<number>();

  at(place: number): ChunkEntry | undefined {
    return this.#pages.get(Math.floor(place / pageSize))?.[place % pageSize];
  }

  next({ first, last }: RowRange): number | undefined {
    const end = Math.min(last, this.count - 1);
    for (let page = Math.floor(first / pageSize); page * pageSize <= end; page++) {
      if (!this.#pages.has(page) || this.#old.has(page)) return page * pageSize - 1;
    }
    return undefined;
  }

  take(after: number, { chunks }: ChunkPage): void {
    const page = (after + 1) / pageSize;
    this.#old.delete(page);
    this.#pages.delete(page);
    this.#pages.set(page, chunks);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > pagesKept && oldest !== undefined) this.#pages.delete(oldest);
  }

  age(total: number): void {
    this.count = total;
    for (const page of this.#pages.keys()) this.#old.add(page);
  }
}

/** The chunks of a run in some states: nobody knows how many there are behind those that were read. */
export class ChosenRows implements ChunkRows {
  #rows: readonly ChunkEntry[] = [];
  #isWhole = false;
  /** Chunks before this one were read before something changed. */
  #oldBelow = Number.POSITIVE_INFINITY;

  get count(): number {
    return this.#rows.length;
  }

  at(place: number): ChunkEntry | undefined {
    return this.#rows[place];
  }

  next({ first, last }: RowRange): number | undefined {
    const top = this.#rows[first]?.number ?? 0;
    if (top < this.#oldBelow) return top - 1;
    const isNear = last >= this.#rows.length - pageSize / 4;
    return isNear && !this.#isWhole ? (this.#rows.at(-1)?.number ?? -1) : undefined;
  }

  /** What stood behind is read again when it comes into view: other chunks may be there now. */
  take(after: number, { chunks, next }: ChunkPage): void {
    const before = this.#rows.filter(({ number }) => number <= after);
    this.#rows = [...before, ...chunks];
    this.#isWhole = next === undefined;
    this.#oldBelow = Math.min(this.#oldBelow, after + 1);
  }

  age(): void {
    this.#oldBelow = Number.POSITIVE_INFINITY;
  }
}

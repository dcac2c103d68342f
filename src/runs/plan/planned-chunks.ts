import type { Journal } from "../journal/journal.ts";
import type { RunKey } from "../journal/run-record.ts";

/** Digests that are read at a time. */
const pageSize = 1000;

/** The digests of the planned chunks of a run, read page by page as they are asked for in order. */
export class PlannedChunks {
  readonly #journal: Journal;
  readonly #run: RunKey;
  #first = 0;
  #page: readonly string[] = [];
  /** Chunks from here on are known not to be there. */
  #end: number;

  /** @param chunks the chunks that the run has. */
  constructor(journal: Journal, run: { readonly key: RunKey; readonly chunks: number }) {
    this.#journal = journal;
    this.#run = run.key;
    this.#end = run.chunks;
  }

  /** The digest of a planned chunk; undefined where there is none of this number. */
  async digestOf(number: number): Promise<string | undefined> {
    if (number >= this.#end) return undefined;
    if (number < this.#first || number >= this.#first + this.#page.length) {
      this.#page = await this.#journal.readDigests({ run: this.#run, number }, pageSize);
      this.#first = number;
    }
    return this.#page[number - this.#first];
  }
}

import type { ApiVersion } from "../protocol/api-version.ts";
import type { ResultRecord } from "../results/index.ts";
import { toRunRecord, type RunResultRecord } from "./driver/chunk-results.ts";
import type { LiveChunk, LiveInputs } from "./driver/live-results.ts";
import type { HeldDocuments } from "./held-documents.ts";

type Turn = PromiseWithResolvers<undefined>;

/** What a {@link LivePass} is told of the iteration that it is for. */
export interface LivePassOptions<V extends ApiVersion> {
  readonly onEnd?: (() => void) | undefined;
  /** Holds the pages of documents until all are there. Default: they are given as they come. */
  readonly documents?: HeldDocuments<V> | undefined;
}

/** One reading of a chunk's output on its way to whoever iterates the results. */
export class LivePass<V extends ApiVersion> implements LiveChunk {
  /** The number of the chunk. */
  readonly chunk: number;
  /** Whether every input was told of; known at the end. */
  isWhole = false;
  /** Whether a record came when nothing could be waited for any more, or there was no room to hold it. */
  #isCut = false;
  readonly #given: LiveInputs;
  readonly #options: LivePassOptions<V>;
  /** What waits for its reader, and whoever brought it with it. */
  readonly #waiting: (readonly RunResultRecord<V>[])[] = [];
  #isEnded = false;
  #reader: Turn | undefined;
  #writer: Turn | undefined;

  constructor(chunk: number, given: LiveInputs, options: LivePassOptions<V> = {}) {
    this.chunk = chunk;
    this.#given = given;
    this.#options = options;
  }

  async put(records: readonly ResultRecord<ApiVersion>[]): Promise<void> {
    if (records.length === 0) return;
    const { inputs, signal } = this.#given;
    if (this.#isEnded || signal.aborted) {
      this.#isCut = true;
      return;
    }
    const told = records.map((record) => toRunRecord(record as ResultRecord<V>, inputs));
    const open = this.#hold(told);
    if (open.length === 0) return;
    this.#waiting.push(open);
    this.#reader?.resolve(undefined);
    const turn: Turn = Promise.withResolvers();
    const stop = (): void => {
      turn.resolve(undefined);
    };
    this.#writer = turn;
    signal.addEventListener("abort", stop, { once: true });
    await turn.promise;
    signal.removeEventListener("abort", stop);
  }

  end(isWhole: boolean): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.isWhole = isWhole && !this.#isCut;
    const { documents, onEnd } = this.#options;
    if (this.isWhole && documents !== undefined) this.#waiting.push(documents.all());
    else documents?.drop();
    this.#reader?.resolve(undefined);
    this.#writer?.resolve(undefined);
    onEnd?.();
  }

  /** The records as they come, those that come together in one list. */
  async *batches(): AsyncGenerator<readonly RunResultRecord<V>[], void, void> {
    for (;;) {
      const records = this.#waiting.shift();
      if (records !== undefined) {
        this.#writer?.resolve(undefined);
        yield records;
      } else {
        if (this.#isEnded) break;
        this.#reader = Promise.withResolvers();
        await this.#reader.promise;
      }
    }
    this.#options.documents?.drop();
  }

  /** Keeps back the pages of documents; answers the other records. */
  #hold(records: readonly RunResultRecord<V>[]): readonly RunResultRecord<V>[] {
    const { documents } = this.#options;
    if (documents === undefined) return records;
    for (const record of records) {
      if (record.page === undefined || this.#isCut || documents.add(record)) continue;
      this.#isCut = true;
      documents.drop();
    }
    return records.filter(({ page }) => page === undefined);
  }
}

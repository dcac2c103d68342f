import type { ApiVersion } from "../protocol/api-version.ts";
import type { ResultRecord } from "../results/index.ts";
import { toRunRecord, type RunResultRecord } from "./driver/chunk-results.ts";
import type { LiveChunk, LiveInputs } from "./driver/live-results.ts";

type Turn = PromiseWithResolvers<undefined>;

/** One reading of a chunk's output on its way to whoever iterates the results. */
export class LivePass<V extends ApiVersion> implements LiveChunk {
  /** The number of the chunk. */
  readonly chunk: number;
  /** Whether every input was told of; known at the end. */
  isWhole = false;
  /** Whether a record came when nothing could be waited for any more. */
  #isCut = false;
  readonly #given: LiveInputs;
  readonly #onEnd: (pass: LivePass<V>) => void;
  /** What waits for its reader, and whoever brought it with it. */
  readonly #waiting: (readonly RunResultRecord<V>[])[] = [];
  #isEnded = false;
  #reader: Turn | undefined;
  #writer: Turn | undefined;

  constructor(chunk: number, given: LiveInputs, onEnd: (pass: LivePass<V>) => void) {
    this.chunk = chunk;
    this.#given = given;
    this.#onEnd = onEnd;
  }

  async put(records: readonly ResultRecord<ApiVersion>[]): Promise<void> {
    if (records.length === 0) return;
    const { inputs, signal } = this.#given;
    if (this.#isEnded || signal.aborted) {
      this.#isCut = true;
      return;
    }
    this.#waiting.push(records.map((record) => toRunRecord(record as ResultRecord<V>, inputs)));
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
    this.#reader?.resolve(undefined);
    this.#writer?.resolve(undefined);
    this.#onEnd(this);
  }

  /** The records as they come, those that come together in one list. */
  async *batches(): AsyncGenerator<readonly RunResultRecord<V>[], void, void> {
    for (;;) {
      const records = this.#waiting.shift();
      if (records !== undefined) {
        this.#writer?.resolve(undefined);
        yield records;
      } else {
        if (this.#isEnded) return;
        this.#reader = Promise.withResolvers();
        await this.#reader.promise;
      }
    }
  }
}

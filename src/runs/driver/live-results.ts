import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../../results/index.ts";
import type { InputList } from "../../results/input-list.ts";
import type { ChunkRef } from "../journal/chunk-record.ts";
import type { RunKey } from "../journal/run-record.ts";
import type { PlannedInput } from "../plan/run-input.ts";

/** Somebody who iterates the results of a run while it goes on. */
export interface LiveReader {
  /** What is read of each response. */
  readonly readMask: string | readonly string[] | undefined;
  /** Takes over the records of a chunk that is about to be read; undefined where it has them. */
  open(chunk: ChunkRef, given: LiveInputs): LiveChunk | undefined;
}

/** What a reader is told of a chunk. */
export interface LiveInputs {
  readonly inputs: InputList<PlannedInput>;
  /** Aborts when the chunk is not worked on here any more: nothing is waited for then. */
  readonly signal: AbortSignal;
}

/** The records of one chunk on their way to a reader. */
export interface LiveChunk {
  /** Resolves once the records were taken, or nobody wants them any more. */
  put(records: readonly ResultRecord<ApiVersion>[]): Promise<void>;
  /** The reading is over. `isWhole`: every input was told of; else what is lacking comes another time. */
  end(isWhole: boolean): void;
}

/** Who reads the results of which run live: the one that came first gets them. */
export class LiveResults {
  readonly #readers = new Map<RunKey, LiveReader[]>();

  /** Adds a reader until it is disposed of. */
  add(run: RunKey, reader: LiveReader): Disposable {
    this.#readers.set(run, [...(this.#readers.get(run) ?? []), reader]);
    return {
      [Symbol.dispose]: () => {
        const others = this.#readers.get(run)?.filter((each) => each !== reader) ?? [];
        if (others.length > 0) this.#readers.set(run, others);
        else this.#readers.delete(run);
      },
    };
  }

  /** The reader of a run's results, if there is one. */
  readerOf(run: RunKey): LiveReader | undefined {
    return this.#readers.get(run)?.[0];
  }
}

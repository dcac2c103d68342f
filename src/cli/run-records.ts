import type { Run, RunSnapshot } from "../runs/index.ts";
import { abortable } from "../transport/abortable.ts";
import { aboveProgress } from "./above-progress.ts";
import type { RecordOutput } from "./record-output.ts";
import type { Progress } from "./render/progress.ts";
import { endWithReader, type Streams } from "./streams.ts";
import { OutputError } from "./usage-error.ts";
import { writeRecords, type WrittenRecords } from "./write-records.ts";

/** Options of {@link RunRecords}. */
export interface RunRecordsOptions {
  readonly output: RecordOutput;
  readonly streams: Streams;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * The records of a run on their way to an output. They are written as the run collects them, so that what
 * the service has written is read once; a reader that is slow slows the reading down. Where the output takes no
 * more, the run goes on all the same.
 */
export class RunRecords implements Disposable {
  readonly #run: Run;
  readonly #options: RunRecordsOptions;
  readonly #rounds: number;
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;
  readonly #writing: Promise<WrittenRecords>;
  /** The inputs of a run that is over: from then on it is told how many are read. */
  #total: number | undefined;
  #isReaderGone = false;

  private constructor(run: Run, rounds: number, options: RunRecordsOptions) {
    this.#run = run;
    this.#rounds = rounds;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#left.signal]);
    options.streams.stdout.off("error", endWithReader).on("error", this.#onStdoutError);
    this.#writing = this.#write();
  }

  /** Begins to write the records of a run that is worked on; nothing where there is no output for them. */
  static async begin(
    run: Run,
    options: Omit<RunRecordsOptions, "output"> & { readonly output: RecordOutput | undefined },
  ): Promise<RunRecords | undefined> {
    const { output, ...rest } = options;
    if (output === undefined) return undefined;
    const { rounds } = await run.snapshot();
    return new RunRecords(run, rounds, { ...rest, output });
  }

  /**
   * Writes what is left of a run that is over; undefined where its reader has left.
   * @throws OutputError, StorageError; the signal's reason
   */
  async finish({ inputs, rounds }: RunSnapshot): Promise<WrittenRecords | undefined> {
    this.#total = inputs.total;
    if (rounds > this.#rounds) {
      this.#options.progress.note(
        "inputs were sent again meanwhile: where one has two records, the later holds",
      );
    }
    try {
      // What waits for its reader waits longer than whoever wants to leave.
      return await abortable(this.#writing, this.#signal);
    } catch (error) {
      if (this.#isReaderGone) return undefined;
      throw error;
    }
  }

  /** Whether stdout takes no more, since nobody reads it. */
  get isReaderGone(): boolean {
    return this.#isReaderGone;
  }

  /** Ends the writing. */
  [Symbol.dispose](): void {
    this.#left.abort(new Error("the writing has ended"));
    this.#options.streams.stdout.off("error", this.#onStdoutError).on("error", endWithReader);
  }

  #write(): Promise<WrittenRecords> {
    const { output, progress } = this.#options;
    // A document is one line, so its pages must come together.
    const records = this.#run.results({ wholeDocuments: true, signal: this.#signal });
    const writing = writeRecords(records, {
      output: output.isTerminal ? aboveProgress(output, progress) : output,
      nameOf: ({ customId, uri }) => customId ?? uri,
      onProgress: (state) => {
        if (this.#total !== undefined) progress.update({ ...state, total: this.#total });
      },
    });
    writing.catch((error: unknown) => {
      if (!(error instanceof OutputError) || this.#isReaderGone) return;
      // At the end it is told by whoever waits for it.
      if (this.#total === undefined) progress.note(`${error.message}; the run goes on`);
    });
    return writing;
  }

  readonly #onStdoutError = (error: NodeJS.ErrnoException): void => {
    if (error.code === "EPIPE") {
      this.#isReaderGone = true;
      const isOver = this.#total !== undefined;
      const { progress } = this.#options;
      progress.note(`nobody reads the records any more${isOver ? "" : "; the run goes on"}`);
    }
    this.#left.abort(new OutputError(`stdout: ${error.message}`, { cause: error }));
  };
}

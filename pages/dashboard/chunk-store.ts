import { signal } from "@preact/signals";
import type { ChunkStateName } from "../../src/dashboard/dashboard-data.ts";
import { readChunks } from "./api.ts";
import { AllRows, ChosenRows, pageSize, type ChunkRows, type RowRange } from "./chunk-rows.ts";

/** Reads the chunks of a run that are in view. */
export class ChunkStore {
  readonly rows: ChunkRows;
  /** Grows when rows have come. */
  readonly changes = signal(0);
  /** Whether anything was read. */
  readonly isRead = signal(false);
  /** Why they could not be read. */
  readonly failure = signal<string | undefined>(undefined);
  readonly #run: string;
  readonly #states: readonly ChunkStateName[];
  readonly #stop = new AbortController();
  #view: RowRange = { first: 0, last: 0 };
  #isReading = false;

  constructor(run: string, states: readonly ChunkStateName[]) {
    this.#run = run;
    this.#states = states;
    this.rows = states.length > 0 ? new ChosenRows() : new AllRows();
  }

  /** Reads what comes into view. */
  look(view: RowRange): void {
    this.#view = view;
    this.#read();
  }

  /** Reads what is in view again, since something has changed. */
  refresh(total: number): void {
    this.rows.age(total);
    this.changes.value++;
    this.#read();
  }

  close(): void {
    this.#stop.abort();
  }

  /** One part after the other, until nothing in view is lacking. */
  #read(): void {
    const after = this.#isReading ? undefined : this.rows.next(this.#view);
    if (after === undefined || this.#stop.signal.aborted) return;
    this.#isReading = true;
    this.#readAfter(after).then(
      () => {
        this.#isReading = false;
        this.failure.value = undefined;
        this.#read();
      },
      (error: unknown) => {
        this.#isReading = false;
        if (this.#stop.signal.aborted) return;
        this.failure.value = error instanceof Error ? error.message : String(error);
      },
    );
  }

  async #readAfter(after: number): Promise<void> {
    const choice = { states: this.#states, after, limit: pageSize };
    this.rows.take(after, await readChunks(this.#run, choice, this.#stop.signal));
    this.isRead.value = true;
    this.changes.value++;
  }
}

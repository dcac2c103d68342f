import { endedChunkStates } from "./journal/chunk-record.ts";
import type { Journal } from "./journal/journal.ts";
import type { RunProgress } from "./journal/run-progress.ts";
import type { RunKey } from "./journal/run-record.ts";

/** Images and pages that are billed, as far as the journal tells. */
export interface BilledUnits {
  /** Of accepted submits. */
  readonly images: number;
  /** Of submits that may have been accepted. */
  readonly perhapsImages: number;
  /** Of files whose results were read: before that nobody has counted them. */
  readonly pages: number;
}

const listedAtOnce = 500;

/** Counts what is billed, looking again only at what has changed. */
export class PageCounter {
  readonly #run: RunKey;
  readonly #journal: Journal;
  /** The pages of file chunks that have ended. */
  readonly #pages = new Map<number, number>();
  #sum = 0;

  constructor(run: RunKey, journal: Journal) {
    this.#run = run;
    this.#journal = journal;
  }

  async count(progress: RunProgress): Promise<BilledUnits> {
    const { run, attempts } = progress;
    const accepted = attempts.accepted.inputs;
    const perhaps = attempts.unknown.inputs + attempts.pending.inputs;
    if (run.files === 0) return { images: accepted, perhapsImages: perhaps, pages: 0 };
    const files = await this.#countFiles();
    return {
      images: accepted - files.accepted,
      perhapsImages: perhaps - files.perhaps,
      pages: this.#sum,
    };
  }

  /** Files of submits by outcome; the pages of those whose chunks have ended are added up on the way. */
  async #countFiles(): Promise<{ readonly accepted: number; readonly perhaps: number }> {
    const files = new Set<number>();
    for (let after = -1; ;) {
      const page = await this.#journal.listChunks({ run: this.#run, after, limit: listedAtOnce });
      for (const { chunk } of page) {
        after = chunk.number;
        if (chunk.kind !== "file") continue;
        files.add(chunk.number);
        if (endedChunkStates.includes(chunk.state)) await this.#countPages(chunk.number);
      }
      if (page.length < listedAtOnce) break;
    }
    return this.#countAttempts(files);
  }

  async #countAttempts(files: ReadonlySet<number>) {
    const sums = { accepted: 0, perhaps: 0 };
    let after: { readonly number: number; readonly attempt: number } | undefined;
    for (;;) {
      const selection = { run: this.#run, limit: listedAtOnce };
      const page = await this.#journal.listAttempts(
        after === undefined ? selection : { ...selection, after },
      );
      for (const { number, attempt, outcome, size } of page) {
        after = { number, attempt };
        if (!files.has(number)) continue;
        if (outcome === "accepted") sums.accepted += size;
        else if (outcome !== "rejected") sums.perhaps += size;
      }
      if (page.length < listedAtOnce) return sums;
    }
  }

  async #countPages(number: number): Promise<void> {
    if (this.#pages.has(number)) return;
    const outcome = await this.#journal.readOutcome({ run: this.#run, number });
    const pages = Number(outcome?.manifest?.["pages"] ?? 0);
    this.#pages.set(number, pages);
    this.#sum += pages;
  }
}

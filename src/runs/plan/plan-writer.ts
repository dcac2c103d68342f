import { createHash } from "node:crypto";
import { RunConflictError, VisionBatchError } from "../../errors/index.ts";
import type { NewChunk } from "../journal/chunk-writes.ts";
import type { Journal } from "../journal/journal.ts";
import type { RunRecord } from "../journal/run-record.ts";
import { compareChunks } from "./compare-chunks.ts";
import { PlannedChunks } from "./planned-chunks.ts";

/** How far a plan has come. */
export interface PlanProgress {
  /** Inputs in chunks that are written, or were found to be the same. */
  readonly inputs: number;
  /** Chunks that they are in. */
  readonly chunks: number;
}

/** Bytes of inputs that are written at a time: enough that commits do not count, little in memory. */
const batchBytes = 1024 * 1024;

/** Writes the chunks of a plan in batches; those that are there already are compared instead. */
export class PlanWriter {
  readonly #journal: Journal;
  readonly #now: () => number;
  readonly #digest = createHash("sha256");
  #run: RunRecord;
  #planned: PlannedChunks;
  #pending: NewChunk[] = [];
  #pendingBytes = 0;
  #inputs = 0;
  #chunks = 0;

  constructor(journal: Journal, run: RunRecord, now: () => number) {
    this.#journal = journal;
    this.#now = now;
    this.#run = run;
    this.#planned = new PlannedChunks(journal, run);
  }

  get progress(): PlanProgress {
    return { inputs: this.#inputs, chunks: this.#chunks };
  }

  /** Adds the next chunk; tells whether the progress has changed. */
  async add(chunk: NewChunk): Promise<boolean> {
    const before = this.#chunks;
    this.#digest.update(chunk.digest);
    await this.#place(chunk);
    if (this.#pendingBytes >= batchBytes) await this.#flush();
    return this.#chunks > before;
  }

  /** Writes what is left, and lets the run run unless it does already. */
  async finish(): Promise<RunRecord> {
    await this.#flush();
    await this.#refuseSurplus();
    if (this.#run.state !== "planning") return this.#run;
    const committed = await this.#journal.commitPlan({
      ...{ run: this.#run.key, chunks: this.#chunks, inputs: this.#inputs },
      ...{ digest: this.#digest.digest("hex"), nowMs: this.#now() },
    });
    if (committed !== undefined) return committed;
    await this.#readAgain();
    await this.#refuseSurplus();
    return this.#run;
  }

  async #place(chunk: NewChunk): Promise<void> {
    const planned = await this.#planned.digestOf(chunk.number);
    if (planned === chunk.digest) {
      this.#count([chunk]);
    } else if (planned !== undefined || this.#run.state !== "planning") {
      throw await this.#conflict(chunk.number, chunk);
    } else {
      this.#pending.push(chunk);
      this.#pendingBytes += chunk.block.length;
    }
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      const chunks = this.#pending;
      this.#pending = [];
      this.#pendingBytes = 0;
      const part = { run: this.#run.key, chunks, nowMs: this.#now() };
      if (await this.#journal.appendPlan(part)) {
        this.#count(chunks);
      } else {
        await this.#readAgain();
        for (const chunk of chunks) await this.#place(chunk);
      }
    }
  }

  /** Another process plans the same run, or has ended it. */
  async #readAgain(): Promise<void> {
    const run = await this.#journal.readRun(this.#run.key);
    if (run === undefined || run.state === "cancelled") {
      const what = run === undefined ? "removed" : "cancelled";
      throw new VisionBatchError(
        `run ${JSON.stringify(this.#run.id)} was ${what} while it was being planned`,
      );
    }
    this.#run = run;
    this.#planned = new PlannedChunks(this.#journal, run);
  }

  /** More was planned than is given now. */
  async #refuseSurplus(): Promise<void> {
    if ((await this.#planned.digestOf(this.#chunks)) === undefined) return;
    throw await this.#conflict(this.#chunks, undefined);
  }

  async #conflict(number: number, given: NewChunk | undefined): Promise<RunConflictError> {
    const place = { run: this.#run.key, number };
    return new RunConflictError(this.#run.id, [await compareChunks(this.#journal, place, given)]);
  }

  #count(chunks: readonly NewChunk[]): void {
    this.#chunks += chunks.length;
    for (const { size } of chunks) this.#inputs += size;
  }
}

import { errorFromJson, StorageError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { loadReadMask } from "../results/load-read-mask.ts";
import { oneByOne } from "../results/one-by-one.ts";
import { backoffMs } from "../transport/backoff.ts";
import { endedByReturn } from "../transport/index.ts";
import { endedChunkStates, type ChunkRef } from "./journal/chunk-record.ts";
import type { ChunkWithAttempt } from "./journal/chunk-record.ts";
import type { RunRecord, RunState } from "./journal/run-record.ts";
import type { RunResultRecord } from "./driver/chunk-results.ts";
import type { LiveChunk, LiveInputs, LiveReader } from "./driver/live-results.ts";
import { DocumentRoom, HeldDocuments } from "./held-documents.ts";
import { GivenRecords } from "./given-records.ts";
import { LivePass } from "./live-pass.ts";
import { NumberSet } from "./number-set.ts";
import { pause } from "./run-clock.ts";
import type { RunsParts } from "./runs-parts.ts";
import { readStored } from "./stored-results.ts";

/** Options of the results of a run. */
export interface RunResultsOptions {
  /** What of each response is read; see `readResults`. Default: everything. */
  readonly readMask?: string | readonly string[] | undefined;
  /** Whether results that are still to come are waited for. Default true. */
  readonly follow?: boolean | undefined;
  /**
   * Whether the pages of a document come one after another, also where a reading of them is broken off and
   * goes on later. They are held until the output of their chunk was read to its end; of one that is large
   * (16 million characters of JSON, with all that is held) they are read once more. Default false.
   */
  readonly wholeDocuments?: boolean | undefined;
  /** Ends the reading, not the run. */
  readonly signal?: AbortSignal | undefined;
}

/** States of a run in which nothing more comes by itself. */
const overStates: readonly RunState[] = ["done", "cancelled", "failed"];
/** How often is looked for what other processes have collected. */
const lookIntervalMs = 1000;
const pageSize = 100;
/** How often in a row a store that is out of reach is tried again, which has tried by itself each time. */
const maxOutages = 5;
const outagePauses = { initialMs: 1000, multiplier: 2, maxMs: 60_000, jitter: 0.5 };

/**
 * The records of a run, chunk after chunk as they end: those that this process collects as they are
 * read, all others from where the journal says they are. Each input is told of once (a file once a
 * page): one that was sent again by its last chunk. What is written only after a chunk was given up is
 * not told of: its inputs stay `missing`, as progress counts them, until `retryFailed` sends them again.
 * A store that is out of reach is tried again for about half a minute beyond what it tries by itself.
 */
export function runResults<V extends ApiVersion>(
  run: RunRecord,
  parts: RunsParts,
  options: RunResultsOptions = {},
): AsyncGenerator<RunResultRecord<V>, void, void> {
  return endedByReturn((left) => new ResultIteration<V>(run, parts, options).records(left));
}

/** Records in lists, so that each costs no await at every hand that it goes through. */
type Batches<V extends ApiVersion> = AsyncGenerator<readonly RunResultRecord<V>[], void, void>;

/** Whether a store may well answer when it is asked again. */
function isOutage(error: unknown): boolean {
  return error instanceof StorageError && error.reason === "unavailable";
}

class ResultIteration<V extends ApiVersion> implements LiveReader {
  readonly readMask: string | readonly string[] | undefined;
  readonly #run: RunRecord;
  readonly #parts: RunsParts;
  readonly #options: RunResultsOptions;
  /** Chunks of which everything was given. */
  readonly #given = new NumberSet();
  /** What was given of chunks that are read once more. */
  readonly #partly = new Map<number, GivenRecords>();
  /** Chunks that are being read for this iteration. */
  readonly #passes = new Map<number, LivePass<V>>();
  readonly #ready: LivePass<V>[] = [];
  readonly #documentRoom = new DocumentRoom();
  #left: AbortSignal = AbortSignal.abort();

  constructor(run: RunRecord, parts: RunsParts, options: RunResultsOptions) {
    this.#run = run;
    this.#parts = parts;
    this.#options = options;
    this.readMask = options.readMask;
  }

  open({ number }: ChunkRef, given: LiveInputs): LiveChunk | undefined {
    if (this.#left.aborted || this.#given.has(number) || this.#passes.has(number)) return undefined;
    const isWhole = this.#options.wholeDocuments === true;
    const pass = new LivePass<V>(number, given, {
      onEnd: () => {
        this.#parts.worker.changes.wake();
      },
      documents: isWhole ? new HeldDocuments<V>(this.#documentRoom) : undefined,
    });
    this.#passes.set(number, pass);
    this.#ready.push(pass);
    this.#parts.worker.changes.wake();
    return pass;
  }

  records(left: AbortSignal): AsyncGenerator<RunResultRecord<V>, void, void> {
    return oneByOne(this.#batches(left), () => {
      this.#left.throwIfAborted();
    });
  }

  async *#batches(left: AbortSignal): Batches<V> {
    const { signal } = this.#options;
    this.#left = signal === undefined ? left : AbortSignal.any([left, signal]);
    this.#left.throwIfAborted();
    // A mask that is wrong must not be found out by every chunk.
    await loadReadMask(this.readMask, this.#parts.service.version);
    const { worker } = this.#parts;
    const endAll = (): void => {
      for (const pass of this.#passes.values()) pass.end(false);
    };
    this.#left.addEventListener("abort", endAll);
    try {
      using _reader = worker.live.add(this.#run.key, this);
      yield* this.#all();
    } finally {
      this.#left.removeEventListener("abort", endAll);
      endAll();
    }
  }

  async *#all(): Batches<V> {
    const { journal, worker, clock } = this.#parts;
    for (;;) {
      this.#left.throwIfAborted();
      const seen = worker.changes.changes;
      const pass = this.#ready.shift();
      if (pass !== undefined) {
        yield* this.#passed(pass);
        continue;
      }
      const run = await journal.readRun(this.#run.key);
      let isNew = false;
      for await (const ended of this.#ended()) {
        isNew = true;
        yield* this.#stored(ended);
        // What is live waits with the chunk that it is of.
        if (this.#ready.length > 0) break;
      }
      if (isNew || this.#ready.length > 0) continue;
      if (run === undefined || overStates.includes(run.state)) {
        this.#finish(run);
        return;
      }
      if (this.#options.follow === false) return;
      if (worker.failure !== undefined) throw worker.failure;
      await worker.changes.after(seen, { clock, ms: lookIntervalMs, signal: this.#left });
    }
  }

  #finish(run: RunRecord | undefined): void {
    if (this.#options.follow === false || run?.state !== "failed") return;
    if (run.error !== undefined) throw errorFromJson(run.error);
  }

  async *#passed(pass: LivePass<V>): Batches<V> {
    const { chunk } = pass;
    const given = this.#partly.get(chunk) ?? new GivenRecords();
    for await (const batch of pass.batches()) {
      yield given.notGiven(batch);
    }
    this.#left.throwIfAborted();
    this.#passes.delete(chunk);
    if (pass.isWhole) this.#note(chunk);
    else this.#partly.set(chunk, given);
  }

  /** Chunks that have ended and were not given yet. */
  async *#ended(): AsyncGenerator<ChunkWithAttempt, void, void> {
    const { journal } = this.#parts;
    const selection = { run: this.#run.key, states: endedChunkStates };
    for (let from = 0; ;) {
      // Only what may be new: a chunk that ends late must not have all those after it listed each time.
      const { first, last } = this.#given.gapFrom(from);
      const limit = Math.min(pageSize, last - first + 1);
      const page = await journal.listChunks({ ...selection, after: first - 1, limit });
      for (const each of page) {
        const { number } = each.chunk;
        from = number + 1;
        if (!this.#given.has(number) && !this.#passes.has(number)) yield each;
      }
      if (page.length < limit) return;
    }
  }

  /** Reads the results of a chunk that has ended; a store that is out of reach for a while is waited for. */
  async *#stored(ended: ChunkWithAttempt): Batches<V> {
    const { clock } = this.#parts;
    const { number } = ended.chunk;
    const given = this.#partly.get(number) ?? new GivenRecords();
    this.#partly.set(number, given);
    for (let failures = 0, before = given.size; ; failures++) {
      try {
        yield* this.#storedOnce(ended, given);
        this.#note(number);
        return;
      } catch (error) {
        if (given.size > before) failures = 0;
        before = given.size;
        if (!isOutage(error) || failures >= maxOutages) throw error;
        await pause(clock, backoffMs(outagePauses, failures, Math.random), this.#left);
        this.#left.throwIfAborted();
      }
    }
  }

  async *#storedOnce(ended: ChunkWithAttempt, given: GivenRecords): Batches<V> {
    const { journal, store, service } = this.#parts;
    const { version } = service;
    const signal = this.#left;
    const parts = { journal, store, version, readMask: this.readMask, signal };
    for await (const batch of readStored<V>(ended, parts)) {
      yield given.notGiven(batch);
    }
  }

  #note(number: number): void {
    this.#partly.delete(number);
    this.#given.add(number);
  }
}

import { errorFromJson, VisionBatchError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { toChunkReport, type ChunkReport } from "./chunk-report.ts";
import type { RunResultRecord } from "./driver/chunk-results.ts";
import { findInput, inputPlaces, type InputPlace } from "./input-places.ts";
import type { AttemptRecord, ChunkState, ChunkWithAttempt } from "./journal/chunk-record.ts";
import type { EventRecord } from "./journal/event-record.ts";
import type { ChunkKind, RunRecord, RunState } from "./journal/run-record.ts";
import { decodeInputs } from "./plan/input-block.ts";
import type { PlannedInput } from "./plan/run-input.ts";
import { ProgressMeter, type RunSnapshot } from "./progress.ts";
import { runResults, type RunResultsOptions } from "./results.ts";
import { flowLimitsOf, type RunLimits } from "./run-options.ts";
import type { RunsParts } from "./runs-parts.ts";
import { watchRun, type RunProgressOptions } from "./watch-run.ts";

const listedAtOnce = 500;

/** Which events of a run. */
export interface RunEventsOptions {
  /** Default: those of the run as a whole, which alone `null` names, and of all chunks. */
  readonly chunk?: number | null | undefined;
  /** Only those after this one. */
  readonly after?: number | undefined;
  /** Only those of this time or later, in milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
}

/** Which chunks of a run. */
export interface RunChunksOptions {
  /** Default: all. */
  readonly states?: readonly ChunkState[] | undefined;
  /** Only those that an input may be in, by its number. */
  readonly input?: number | undefined;
  /** Only those after this one. */
  readonly after?: number | undefined;
  /** At most so many. Default: all. */
  readonly limit?: number | undefined;
}

/** How fast the runs that share limits submit. */
export interface RunPace {
  /** Whose limits they are: runs of one scope share them. */
  readonly scope: string;
  /** The limits of this run, defaults included. */
  readonly limits: Readonly<Record<keyof RunLimits, number>>;
  /** The share of `requestsPerMinute` that is used: less than 1 after RESOURCE_EXHAUSTED. */
  readonly rate: number;
  /** The service has asked for no submit before this time, in milliseconds since 1970; 0: it has not. */
  readonly notBeforeMs: number;
}

/** A run in a journal. It is no promise; `wait` is what waits. */
export class Run<V extends ApiVersion = "v1"> {
  readonly #run: RunRecord;
  readonly #parts: RunsParts;

  /** @internal */
  constructor(run: RunRecord, parts: RunsParts) {
    this.#run = run;
    this.#parts = parts;
  }

  /** The id of the run. */
  get id(): string {
    return this.#run.id;
  }

  /** What was asked for, as it is kept. */
  get options(): Readonly<Record<string, unknown>> {
    return this.#run.options;
  }

  /** What may be changed when the run is resumed, as it was kept when this was made. */
  get settings(): Readonly<Record<string, unknown>> {
    return this.#run.settings;
  }

  /** The inputs by how they are sent, as they were planned when this was made. */
  get planned(): Readonly<Record<ChunkKind, number>> {
    return { image: this.#run.images, file: this.#run.files };
  }

  /** The state as it was when this was made; `snapshot` tells that of now. */
  get state(): RunState {
    return this.#run.state;
  }

  /** Whose limits it shares with all other runs of this scope. */
  get scope(): string {
    return this.#run.scope;
  }

  /** When its state was last changed, as it was when this was made, in milliseconds since 1970. */
  get changedMs(): number {
    return this.#run.changedMs;
  }

  /** The limits of its submits, and how fast they may go now. */
  async pace(): Promise<RunPace> {
    const { scope, settings } = this.#run;
    const { rate, notBeforeMs } = await this.#parts.journal.readFlow(scope);
    const { unknownHoldMs: _, ...limits } = flowLimitsOf(settings);
    return { scope, limits, rate, notBeforeMs };
  }

  /** How far the run has come. @throws VisionBatchError where it was removed. */
  async snapshot(): Promise<RunSnapshot> {
    const snapshot = await new ProgressMeter(this.#run.key, this.#parts).look();
    if (snapshot === undefined) throw new VisionBatchError(`run ${this.id} was removed`);
    return snapshot;
  }

  /** How far the run has come, now and from time to time; the last one when it is over. */
  progress(options?: RunProgressOptions): AsyncGenerator<RunSnapshot, void, void> {
    return watchRun(this.#run.key, this.#parts, options);
  }

  /**
   * One record an input (a page of a file), as chunks are collected, from those that are there already
   * on. A reader that is slow slows the reading down, not what is submitted; leaving the loop stops
   * nothing. In the order in which chunks end.
   * @throws StorageError, ReadMaskError, JournalError; the error of a run that has failed, after what it has.
   */
  results(options?: RunResultsOptions): AsyncGenerator<RunResultRecord<V>, void, void> {
    return runResults<V>(this.#run, this.#parts, options);
  }

  /**
   * Waits until the run is over and tells how it ended.
   * @throws the error of a run that has failed; JournalError; the signal's reason.
   */
  async wait(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<RunSnapshot> {
    let last: RunSnapshot | undefined;
    // A worker in this process tells of the end by itself.
    const intervalMs = this.#parts.worker.drives(this.#run.key) ? 60_000 : 1000;
    for await (const snapshot of this.progress({ ...options, intervalMs })) last = snapshot;
    if (last === undefined) throw new VisionBatchError(`run ${this.id} was removed`);
    if (last.state === "failed" && last.error !== undefined) throw last.error;
    return last;
  }

  /** The chunks with their current attempts, in order. */
  async *chunks(options: RunChunksOptions = {}): AsyncGenerator<ChunkWithAttempt, void, void> {
    const { states, input, limit = Infinity } = options;
    const selection = {
      run: this.#run.key,
      ...(states === undefined ? {} : { states }),
      ...(input === undefined ? {} : { input }),
    };
    let left = limit;
    for (let { after = -1 } = options; left > 0;) {
      const asked = Math.min(left, listedAtOnce);
      const page = await this.#parts.journal.listChunks({ ...selection, after, limit: asked });
      for (const each of page) {
        after = each.chunk.number;
        yield each;
      }
      if (page.length < asked) return;
      left -= page.length;
    }
  }

  /** A chunk with its current attempt; undefined where there is none of this number. */
  async chunk(number: number): Promise<ChunkWithAttempt | undefined> {
    return this.#parts.journal.readChunk({ run: this.#run.key, number });
  }

  /** What became of the inputs of a chunk; undefined until it has ended. */
  async outcome(chunk: number): Promise<ChunkReport | undefined> {
    const outcome = await this.#parts.journal.readOutcome({ run: this.#run.key, number: chunk });
    return outcome === undefined ? undefined : toChunkReport(outcome);
  }

  /** The number of an input, from 0, by its URI or its custom id: of the first one that has it, chunk by chunk. */
  async findInput(name: string): Promise<number | undefined> {
    return findInput(this.#parts.journal, this.#run, name);
  }

  /** The chunks that an input is in, by its number: a later one sent it again. */
  places(input: number): AsyncGenerator<InputPlace, void, void> {
    return inputPlaces(this.#parts.journal, this.#run, input);
  }

  /** The inputs of a chunk, in the order in which they are sent. */
  async inputs(chunk: number): Promise<readonly PlannedInput[]> {
    const found = await this.chunk(chunk);
    const block = await this.#parts.journal.readBlock({ run: this.#run.key, number: chunk });
    if (found === undefined || block === undefined) {
      throw new VisionBatchError(`run ${this.id} has no chunk ${chunk}`);
    }
    return decodeInputs(found.chunk.kind, block);
  }

  /** Every submit of a chunk, in order. */
  async attempts(chunk: number): Promise<readonly AttemptRecord[]> {
    return this.#parts.journal.listAttempts({
      ...{ run: this.#run.key, chunk, limit: listedAtOnce },
    });
  }

  /** What happened, in order: to one chunk, to the run as a whole (`chunk: null`), or to the run and all its chunks. */
  async *events(options: RunEventsOptions = {}): AsyncGenerator<EventRecord, void, void> {
    const { chunk, sinceMs } = options;
    const selection = {
      ...{ run: this.#run.key, limit: listedAtOnce },
      ...(chunk === undefined ? {} : { chunk }),
      ...(sinceMs === undefined ? {} : { sinceMs }),
    };
    for (let { after = 0 } = options; ;) {
      const page = await this.#parts.journal.listEvents({ ...selection, after });
      for (const event of page) {
        after = event.id;
        yield event;
      }
      if (page.length < listedAtOnce) return;
    }
  }

  /** Why a run failed, where it did. */
  get error(): VisionBatchError | undefined {
    return this.#run.error === undefined ? undefined : errorFromJson(this.#run.error);
  }
}

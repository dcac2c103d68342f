import type { VisionBatchError } from "../errors/index.ts";
import { errorFromJson } from "../errors/index.ts";
import type { FeatureName } from "../protocol/message-init.ts";
import { resultStatuses, type ResultStatus } from "../results/index.ts";
import { billedUnits } from "./billed-units.ts";
import { chunkStates, type ChunkState } from "./journal/chunk-record.ts";
import type { RunProgress as JournalProgress } from "./journal/run-progress.ts";
import type { RunKey, RunState } from "./journal/run-record.ts";
import { costOf, type Cost, type PriceTable } from "./prices.ts";
import { RateMeter } from "./rate-meter.ts";
import type { RunOptions } from "./run-options.ts";
import type { RunsParts } from "./runs-parts.ts";

/** How far a run has come. */
export interface RunSnapshot {
  /** The id of the run. */
  readonly id: string;
  /** What it is doing. */
  readonly state: RunState;
  /** Why the run failed. */
  readonly error?: VisionBatchError;
  /** When this was so, in milliseconds since 1970. */
  readonly atMs: number;
  /** When it was started, in milliseconds since 1970. */
  readonly createdMs: number;
  /** Inputs by what became of them; `open`: nothing yet. They add up to `total`. */
  readonly inputs: Readonly<Record<ResultStatus | "open" | "total", number>>;
  /** The open ones by the state of their chunks. */
  readonly openInputs: Readonly<Record<OpenState, number>>;
  /** Chunks by their state. They add up to `total`. */
  readonly chunks: Readonly<Record<ChunkState | "total", number>>;
  /** Submits by what became of them; `pending`: no answer was written yet. */
  readonly submits: Readonly<Record<"accepted" | "rejected" | "unknown" | "pending", number>>;
  /** Submits beyond the first of each chunk. */
  readonly retries: number;
  /** How often `retryFailed` has sent inputs again. */
  readonly rounds: number;
  /** Reads of operations, as far as they were written. */
  readonly polls: number;
  /** Chunks whose submit may have been accepted, and that wait for a person's decision. */
  readonly undecided: number;
  /**
   * Chunks that have ended whose records the sink of the workers has not taken, as its events tell (`undelivered`)
   * where that goes on for long. They are offered again by themselves, and at once by `resume`. Absent: none.
   */
  readonly undelivered?: number;
  /**
   * Who works on chunks of the run at this moment. Workers claim only chunks that they have in hand: where all
   * of them wait for something long, there may be workers that are not among these.
   */
  readonly workers: readonly WorkerClaims[];
  /**
   * Why nothing can be submitted now, or no output be read (a StorageError; told where the run is worked on),
   * and since when: the run goes on by itself once what it waits for is reached again.
   */
  readonly problem?: {
    /** Since when, in milliseconds since 1970. */
    readonly sinceMs: number;
    /** The last error. */
    readonly error: VisionBatchError;
  };
  /** Inputs a second that came to their end in the last minutes; absent until two snapshots tell. */
  readonly inputsPerSecond?: number;
  /** At this rate. */
  readonly timeLeftMs?: number;
  /** Images that were accepted, and pages of files that were read: what `cost` is the price of. */
  readonly units: number;
  /** What was accepted costs at the price table; of files the pages that were read. */
  readonly cost: Cost;
  /** What submits of unknown fate cost where they were accepted. */
  readonly perhapsCost: Cost;
}

/** What a worker has claimed of a run. */
export interface WorkerClaims {
  /** A name that no other process has, and that this one loses with its end. */
  readonly worker: string;
  /** How many. */
  readonly chunks: number;
  /** Until when nobody else takes them, though the worker has ended; while it lives, it prolongs that. */
  readonly leaseUntilMs: number;
}

/** The states of a chunk whose inputs have not come to their end. */
type OpenState = Exclude<ChunkState, "done" | "failed" | "cancelled">;

/** Tells how far a run has come, from one look to the next. */
export class ProgressMeter {
  readonly #key: RunKey;
  readonly #parts: RunsParts;
  readonly #rate = new RateMeter();

  constructor(key: RunKey, parts: RunsParts) {
    this.#key = key;
    this.#parts = parts;
  }

  /** Undefined where there is no such run any more. */
  async look(): Promise<RunSnapshot | undefined> {
    const { journal, clock, prices } = this.#parts;
    const progress = await journal.progress(this.#key);
    if (progress === undefined) return undefined;
    const { run, counts, attempts, undelivered } = progress;
    const ended = resultStatuses.reduce((sum, status) => sum + counts[status], 0);
    const open = run.inputs - ended;
    const atMs = clock.now();
    this.#rate.add(atMs, ended);
    const { perSecond } = this.#rate;
    const submitted = Object.values(attempts).reduce((sum, each) => sum + each.attempts, 0);
    const { retried: _, ...statuses } = counts;
    return {
      ...{ id: run.id, state: run.state, atMs, createdMs: run.createdMs },
      ...(run.error === undefined ? {} : { error: errorFromJson(run.error) }),
      inputs: { ...statuses, open, total: run.inputs },
      openInputs: countOpen(progress),
      chunks: countChunks(progress),
      submits: countSubmits(progress),
      ...{ retries: submitted - progress.tried, rounds: run.rounds },
      ...{ polls: progress.polls, undecided: progress.undecided },
      workers: progress.workers.filter(({ leaseUntilMs }) => leaseUntilMs > atMs),
      ...(problemOf(progress) ?? this.#unread(progress)),
      ...(undelivered === undefined ? {} : { undelivered }),
      ...(perSecond === undefined ? {} : { inputsPerSecond: perSecond }),
      ...(perSecond === undefined || perSecond === 0
        ? {}
        : { timeLeftMs: (open * 1000) / perSecond }),
      ...costsOf(progress, prices),
    };
  }

  /** What keeps this process from reading output that it has come to. */
  #unread({ chunks }: JournalProgress): Pick<RunSnapshot, "problem"> {
    const { worker } = this.#parts;
    const problem = worker.drives(this.#key) ? worker.storageTrouble : undefined;
    const isToRead = chunks.collecting.chunks + chunks.unknown.chunks > 0;
    return problem === undefined || !isToRead ? {} : { problem };
  }
}

function costsOf(
  progress: JournalProgress,
  prices: PriceTable,
): Pick<RunSnapshot, "units" | "cost" | "perhapsCost"> {
  const { features } = progress.run.options as unknown as RunOptions;
  const names = features.map(({ type }) => type as FeatureName);
  const { images, perhapsImages, pages } = billedUnits(progress);
  const units = images + pages;
  return {
    units,
    cost: costOf(units, names, { prices }),
    perhapsCost: costOf(perhapsImages, names, { prices, unitsBefore: units }),
  };
}

function problemOf({ trouble }: JournalProgress): Pick<RunSnapshot, "problem"> | undefined {
  if (trouble === undefined) return undefined;
  const { sinceMs, error } = trouble;
  return { problem: { sinceMs, error: errorFromJson(error) } };
}

function countChunks({ run, chunks }: JournalProgress): RunSnapshot["chunks"] {
  const counted = chunkStates.map((state) => [state, chunks[state].chunks]);
  return { ...Object.fromEntries(counted), total: run.chunks } as RunSnapshot["chunks"];
}

function countOpen({ chunks }: JournalProgress): RunSnapshot["openInputs"] {
  const { planned, submitting, unknown, running, collecting } = chunks;
  return {
    ...{ planned: planned.inputs, submitting: submitting.inputs, unknown: unknown.inputs },
    ...{ running: running.inputs, collecting: collecting.inputs },
  };
}

function countSubmits({ attempts }: JournalProgress): RunSnapshot["submits"] {
  const { accepted, rejected, unknown, pending } = attempts;
  return {
    accepted: accepted.attempts,
    rejected: rejected.attempts,
    unknown: unknown.attempts,
    pending: pending.attempts,
  };
}

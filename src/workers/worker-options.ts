import type { RunsBase } from "../runs/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { Logger } from "../transport/index.ts";
import type { ResultSink } from "./result-sink.ts";

/** What a worker asks of a client: a `VisionBatchClient` is one. */
export interface WorkerClient {
  /** The service, and where the results are unless a store is given. */
  backend(options: { readonly store?: ObjectStore | undefined }): RunsBase;
}

/** How a worker is set up. */
export interface CreateWorkerOptions {
  /** `postgres://user:password@host/database`; the jobs are in a schema beside that of the journal. */
  readonly journal: string;
  /** How the service is reached; it stays open when the worker is closed. All runs must be of its version of the API. */
  readonly client: WorkerClient;
  /** Where the results are. Default: Cloud Storage, as the client reaches it. */
  readonly store?: ObjectStore | undefined;
  /** Outputs that are read at a time, which is what keeps a worker busy. Default 2. */
  readonly concurrency?: number | undefined;
  /**
   * Takes the records of each chunk that has ended; all workers of a journal must have the same. Default:
   * `writeNdjson`, an object of NDJSON for each below the output of the run; `false`: nobody does, and they are read where the service has written them.
   */
  readonly onResults?: ResultSink | false | undefined;
  /** Whether a sink gets a transaction, which stays open as long as it takes. Default false. */
  readonly resultsInTransaction?: boolean | undefined;
  /**
   * Connections to the database: one hears of jobs, up to three take them, the others are for the journal and
   * end when they are idle; a transaction of a sink has one for itself. Default 10, and with
   * `resultsInTransaction` as many more as there may be transactions: three times `concurrency`, at least 6.
   */
  readonly maxConnections?: number | undefined;
  /** How long what a worker does is nobody else's after it was last heard of, in milliseconds. Default 10,000. */
  readonly leaseMs?: number | undefined;
  /** How often is looked for what was left or changed without a word, in milliseconds. Default 5,000. */
  readonly lookIntervalMs?: number | undefined;
  /** How often jobs are asked for that were not told of at once, in milliseconds, at least 500. Default 1,000. */
  readonly pollIntervalMs?: number | undefined;
  /** How long a shutdown waits for the answers to submits, in milliseconds. Default 20,000. */
  readonly closeTimeoutMs?: number | undefined;
  /** Serves `/livez`, `/readyz` and `/metrics` at this port; 0 takes a free one. Default: nothing is served. */
  readonly metricsPort?: number | undefined;
  /** Where that is served. Default 127.0.0.1. */
  readonly metricsHost?: string | undefined;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
}

/** Options with their defaults. */
export interface WorkerTimes {
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly lookIntervalMs: number;
  readonly pollIntervalMs: number;
  readonly closeTimeoutMs: number;
}

const defaults: WorkerTimes = {
  ...{ concurrency: 2, leaseMs: 10_000, lookIntervalMs: 5000, pollIntervalMs: 1000 },
  closeTimeoutMs: 20_000,
};
const least: WorkerTimes = {
  ...{ concurrency: 1, leaseMs: 1000, lookIntervalMs: 500, pollIntervalMs: 500, closeTimeoutMs: 1 },
};

/** Applies the defaults. @throws RangeError */
export function resolveWorkerTimes(options: {
  readonly [Name in keyof WorkerTimes]?: number | undefined;
}): WorkerTimes {
  const names = Object.keys(defaults) as (keyof WorkerTimes)[];
  const resolved = names.map((name) => {
    const value = options[name] ?? defaults[name];
    if (Number.isSafeInteger(value) && value >= least[name]) return [name, value];
    throw new RangeError(
      `${name} must be a whole number of at least ${least[name]}, got ${String(value)}`,
    );
  });
  return Object.fromEntries(resolved) as WorkerTimes;
}

/** Batches of outputs that are collected beside each other, so that one waits for the sink while another is read. */
export const collectBatches = 2;

/** Outputs whose jobs are taken at a time: as many as are read at a time, and several anyway. */
export function outputBatch({ concurrency }: Pick<WorkerTimes, "concurrency">): number {
  return Math.max(2, concurrency);
}

/** The connections of a worker beside the one that hears of jobs. */
export interface WorkerConnections {
  readonly jobs: number;
  readonly journal: number;
}

const jobConnections = 3;
const listening = 1;
const leastOfJournal = 3;
const defaultConnections = 10;

/** Shares the connections out. @throws RangeError where there are too few */
export function resolveConnections(
  { maxConnections, resultsInTransaction = false }: CreateWorkerOptions,
  { concurrency }: WorkerTimes,
): WorkerConnections {
  // Of what is collected, which may all be read and not taken yet, and of what is handed on afterwards.
  const held = resultsInTransaction ? (collectBatches + 1) * outputBatch({ concurrency }) : 0;
  const most = maxConnections ?? defaultConnections + held;
  const journal = most - listening - jobConnections;
  if (Number.isSafeInteger(most) && journal >= leastOfJournal + held) {
    return { jobs: jobConnections, journal };
  }
  const needed = listening + jobConnections + leastOfJournal + held;
  throw new RangeError(
    `maxConnections must be a whole number of at least ${needed}, got ${String(most)}`,
  );
}

import type { Db, Job, JobResult } from "pg-boss";
import type { ApiVersion } from "../protocol/api-version.ts";
import {
  endedChunkStates,
  type ChunkRef,
  type ChunkWithAttempt,
} from "../runs/journal/chunk-record.ts";
import type { Journal } from "../runs/journal/journal.ts";
import type { RunRecord } from "../runs/journal/run-record.ts";
import type { RunResultRecord } from "../runs/index.ts";
import type { RunOptions } from "../runs/run-options.ts";
import { readStored } from "../runs/stored-results.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { Logger } from "../transport/index.ts";
import type { EndedChunk, ResultSink, ResultTransaction } from "./result-sink.ts";

/** What records are handed on with. */
export interface DeliveryParts {
  readonly journal: Journal;
  readonly store: ObjectStore;
  readonly version: ApiVersion;
  readonly sink: ResultSink;
  readonly logger: Logger;
  /** Aborts when the worker ends. */
  readonly closing: AbortSignal;
}

/** Hands the records of ended chunks on to a sink. */
export class Delivery {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Hands on the records of several chunks, each by itself; tells what is to be done again. */
  async deliverAll(jobs: readonly Job<ChunkRef>[]): Promise<JobResult[]> {
    return Promise.all(
      jobs.map(async (job): Promise<JobResult> => {
        const { id } = job;
        try {
          await this.deliver(job);
          return { id, status: "completed" };
        } catch (error) {
          const { logger } = this.#parts;
          logger.warn({ error, ...job.data }, "the records of a chunk were not taken");
          return { id, status: "failed", output: { message: String(error) } };
        }
      }),
    );
  }

  /** Reads the records of a chunk for the sink. @throws what the sink or the store throws: it is to be done again. */
  async deliver({ data, signal: lost }: Job<ChunkRef>, transaction?: Db): Promise<void> {
    const { journal, store, version, sink, closing } = this.#parts;
    const run = await journal.readRun(data.run);
    const ended = await journal.readChunk(data);
    // Removed meanwhile, both of them.
    if (run === undefined || ended === undefined) return;
    const signal = AbortSignal.any([lost, closing]);
    signal.throwIfAborted();
    const batches = readStored<ApiVersion>(ended, { journal, store, version, signal });
    await sink(describe(run, ended), flat(batches), {
      ...{ store, signal },
      ...(transaction === undefined ? {} : { transaction: asTransaction(transaction) }),
    });
  }
}

function describe({ id, options }: RunRecord, { chunk }: ChunkWithAttempt): EndedChunk {
  const { number, kind, state, counts } = chunk;
  if (!isEnded(state)) throw new Error(`chunk ${number} of run ${id} is ${state}`);
  const { output } = options as unknown as RunOptions;
  return { run: id, number, output, kind, state, counts };
}

function isEnded(state: string): state is EndedChunk["state"] {
  return (endedChunkStates as readonly string[]).includes(state);
}

async function* flat(
  batches: AsyncIterable<readonly RunResultRecord<ApiVersion>[]>,
): AsyncGenerator<RunResultRecord<ApiVersion>, void, void> {
  for await (const records of batches) yield* records;
}

function asTransaction(transaction: Db): ResultTransaction {
  return {
    query: async (text, values) => {
      const { rows } = await transaction.executeSql(text, values);
      return { rows: rows as readonly Record<string, unknown>[] };
    },
  };
}

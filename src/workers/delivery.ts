import type { Job, JobResult } from "pg-boss";
import { VisionBatchError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import type { ChunkRef, ChunkWithAttempt } from "../runs/journal/chunk-record.ts";
import type { JournalTransaction } from "../runs/journal/postgres/journal-transaction.ts";
import type { RunRecord } from "../runs/journal/run-record.ts";
import type { RunOptions } from "../runs/run-options.ts";
import type { RunResultRecord } from "../runs/index.ts";
import { readStored } from "../runs/stored-results.ts";
import type { CollectSinkParts } from "./collect-sink.ts";
import { describeChunk, forSink } from "./describe-chunk.ts";
import { sinkSpan } from "./sink-span.ts";

/** What records are handed on with that were not taken while they were read. */
export interface DeliveryParts extends CollectSinkParts {
  readonly version: ApiVersion;
  /** Aborts when the worker ends. */
  readonly closing: AbortSignal;
}

/** The sink has taken them before. */
const delivered = new Error("the records of the chunk were handed on by somebody else");

/** Hands the records of ended chunks on to a sink: of those that had nothing to read, or were not taken as they were read. */
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
          await this.#deliver(job);
          return { id, status: "completed" };
        } catch (error) {
          const { logger } = this.#parts;
          logger.warn({ error, ...job.data }, "the records of a chunk were not taken");
          return { id, status: "failed", output: { message: String(error) } };
        }
      }),
    );
  }

  async #deliver({ data, signal: lost }: Job<ChunkRef>): Promise<void> {
    const { journal, closing, inTransaction, version } = this.#parts;
    const run = await journal.readRun(data.run);
    const ended = await journal.readChunk(data);
    // Removed meanwhile, or handed on.
    if (run === undefined || ended?.chunk.undeliveredMs === undefined) return;
    // Read as messages of another version, they would lack what that does not know.
    const { version: theirs } = run.options as unknown as RunOptions;
    if (theirs !== version) {
      const text = `run ${JSON.stringify(run.id)} is one of ${theirs}, and this worker of ${version}`;
      throw new VisionBatchError(text);
    }
    const signal = AbortSignal.any([lost, closing]);
    signal.throwIfAborted();
    if (!inTransaction) {
      await this.#callSink(run, ended, { signal });
      await journal.setDelivered(data);
      return;
    }
    try {
      await journal.transact(async (transaction) => {
        await this.#callSink(run, ended, { signal, transaction });
        if (!(await transaction.setDelivered(data))) throw delivered;
      });
    } catch (error) {
      if (error !== delivered) throw error;
    }
  }

  async #callSink(
    run: RunRecord,
    ended: ChunkWithAttempt,
    given: { readonly signal: AbortSignal; readonly transaction?: JournalTransaction },
  ): Promise<void> {
    const { journal, store, version, sink, telemetry } = this.#parts;
    const { signal, transaction } = given;
    const batches = readStored<ApiVersion>(ended, { journal, store, version, signal });
    const context = { store, signal, ...forSink(transaction) };
    await telemetry.span(sinkSpan(run, ended, { isRoot: true }), () =>
      sink(describeChunk(run, ended.chunk), flat(batches), context),
    );
  }
}

async function* flat(
  batches: AsyncIterable<readonly RunResultRecord<ApiVersion>[]>,
): AsyncGenerator<RunResultRecord<ApiVersion>, void, void> {
  for await (const records of batches) yield* records;
}

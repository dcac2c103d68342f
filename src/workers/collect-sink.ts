import type { HeldChunk } from "../runs/driver/held-chunk.ts";
import type { LiveInputs } from "../runs/driver/live-results.ts";
import type { RecordSink, SinkChunk } from "../runs/driver/record-sink.ts";
import type { ChunkStep } from "../runs/journal/chunk-writes.ts";
import type { JournalTransaction } from "../runs/journal/postgres/journal-transaction.ts";
import type { PostgresJournal } from "../runs/journal/postgres/postgres-journal.ts";
import { LivePass } from "../runs/live-pass.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import type { ResultRecord } from "../results/index.ts";
import type { RunResultRecord } from "../runs/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import type { Logger } from "../transport/index.ts";
import { describeChunk, forSink } from "./describe-chunk.ts";
import { deliverAgainMs } from "./queues.ts";
import type { ResultSink } from "./result-sink.ts";
import { sinkSpan } from "./sink-span.ts";

/** What records are handed on with while they are read. */
export interface CollectSinkParts {
  readonly journal: PostgresJournal;
  readonly store: ObjectStore;
  readonly sink: ResultSink;
  /** Whether what the sink writes is kept along with the end of the chunk. */
  readonly inTransaction: boolean;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
}

const givenUp = new Error("the records are read another time");
const claimLost = new Error("the claim of the chunk was lost");

/** Hands the records of chunks to a sink while their output is read. */
export class CollectSink implements RecordSink {
  readonly againMs = deliverAgainMs;
  readonly #parts: CollectSinkParts;

  constructor(parts: CollectSinkParts) {
    this.#parts = parts;
  }

  open(held: HeldChunk, given: LiveInputs): SinkChunk {
    return new HandedChunk(held, given, this.#parts);
  }
}

/** One call of the sink. */
class HandedChunk implements SinkChunk {
  readonly #held: HeldChunk;
  readonly #parts: CollectSinkParts;
  readonly #pass: LivePass<ApiVersion>;
  readonly #dropped = new AbortController();
  readonly #signal: AbortSignal;
  /** The step that ends the chunk, once it is known. */
  readonly #step: PromiseWithResolvers<ChunkStep> = Promise.withResolvers();
  /** Why the sink has not taken the records. */
  readonly #taken: Promise<Error | undefined>;

  constructor(held: HeldChunk, given: LiveInputs, parts: CollectSinkParts) {
    this.#held = held;
    this.#parts = parts;
    this.#pass = new LivePass(held.claim.number, given);
    this.#signal = AbortSignal.any([given.signal, this.#dropped.signal]);
    this.#step.promise.catch(() => undefined);
    this.#taken = this.#take().then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    void this.#taken.then(() => {
      this.#pass.end(false);
    });
  }

  put(records: readonly ResultRecord<ApiVersion>[]): Promise<void> {
    return this.#pass.put(records);
  }

  async end(step: ChunkStep, write: (step: ChunkStep) => Promise<boolean>): Promise<boolean> {
    const { undeliveredMs: _, ...delivered } = step;
    this.#step.resolve(delivered);
    this.#pass.end(true);
    const failure = await this.#taken;
    if (failure === claimLost) return false;
    if (failure === undefined) return this.#parts.inTransaction || write(delivered);
    const { run, number } = this.#held.claim;
    this.#parts.logger.warn(
      { error: failure, run, number },
      "the records of a chunk were not taken",
    );
    return write(step);
  }

  async drop(): Promise<void> {
    this.#step.reject(givenUp);
    this.#dropped.abort(givenUp);
    this.#pass.end(false);
    await this.#taken;
  }

  async #take(): Promise<void> {
    const { journal, inTransaction } = this.#parts;
    if (!inTransaction) return this.#callSink();
    await journal.transact(async (transaction) => {
      await this.#callSink(transaction);
      const step = await this.#step.promise;
      if (!(await transaction.advance(step))) throw claimLost;
    });
  }

  async #callSink(transaction?: JournalTransaction): Promise<void> {
    const { sink, store, telemetry } = this.#parts;
    const { run } = this.#held.context;
    const { current } = this.#held;
    const given = { store, signal: this.#signal, ...forSink(transaction) };
    try {
      await telemetry.span(sinkSpan(run, current, { isRoot: false }), () =>
        sink(describeChunk(run, current.chunk), this.#records(), given),
      );
    } finally {
      // Nothing waits for who does not want more.
      this.#pass.end(false);
    }
  }

  /** What ends before everything was told must not be taken for the whole. */
  async *#records(): AsyncGenerator<RunResultRecord<ApiVersion>, void, void> {
    for await (const batch of this.#pass.batches()) {
      for (const record of batch) {
        this.#signal.throwIfAborted();
        yield record;
      }
    }
    this.#signal.throwIfAborted();
    if (!this.#pass.isWhole) throw givenUp;
  }
}

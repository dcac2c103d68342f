import type { Job, JobWithMetadata, PgBoss } from "pg-boss";
import type { ChunkWork } from "../runs/driver/chunk-work.ts";
import type { ChunkRef } from "../runs/journal/chunk-record.ts";
import type { PostgresJournal } from "../runs/journal/postgres/postgres-journal.ts";
import { metrics, type Telemetry } from "../telemetry/index.ts";
import type { RunClock } from "../runs/run-clock.ts";
import type { Logger } from "../transport/index.ts";
import { ChunkJobs } from "./chunk-jobs.ts";
import { closeAll } from "./close-all.ts";
import { takeDeadLetters } from "./dead-letters.ts";
import type { Delivery } from "./delivery.ts";
import type { HealthServer } from "./health-server.ts";
import type { JobWriter } from "./job-writer.ts";
import { lookAround } from "./look.ts";
import type { PollBudget } from "./poll-budget.ts";
import {
  deadLetters,
  lookNow,
  queueNames,
  submitBatch,
  type ChunkQueue,
  type QueueName,
} from "./queues.ts";
import { collectBatches, outputBatch, type WorkerTimes } from "./worker-options.ts";
import type { Worker } from "./worker.ts";

/** Jobs that are taken at a time: submits have turns, operations are read beside each other. */
const batchSizes = { submit: submitBatch, follow: 50 } as const;
const followBatches = 2;
const queues = [...queueNames, deadLetters] as const;

/** What a worker is made of. */
export interface WorkerFields {
  readonly boss: PgBoss;
  readonly journal: PostgresJournal;
  readonly clock: RunClock;
  readonly jobs: JobWriter;
  readonly work: ChunkWork;
  readonly polls: PollBudget;
  readonly telemetry: Telemetry;
  readonly times: WorkerTimes;
  readonly logger: Logger;
  /** Absent where nobody takes records. */
  readonly delivery: Delivery | undefined;
}

/** A worker over pg-boss: one consumer a queue. */
export class JobWorker implements Worker {
  readonly #fields: WorkerFields;
  readonly #chunkJobs: ChunkJobs;
  readonly #ended = new AbortController();
  readonly #leases: Promise<void>;
  #health: HealthServer | undefined;
  #closed: Promise<void> | undefined;

  constructor(fields: WorkerFields) {
    this.#fields = fields;
    this.#chunkJobs = new ChunkJobs(fields);
    this.#leases = fields.work.keepLeases(this.#ended.signal);
  }

  get id(): string {
    return this.#fields.work.id;
  }

  get metricsAddress(): string | undefined {
    return this.#health?.address;
  }

  async isReady(): Promise<boolean> {
    const { work, boss } = this.#fields;
    if (this.#closed !== undefined || work.failure !== undefined) return false;
    const answered = boss.getDb().executeSql("select 1");
    return answered.then(
      () => true,
      () => false,
    );
  }

  /** Begins to take jobs. */
  async start(health: HealthServer | undefined): Promise<void> {
    this.#health = health;
    const { boss, jobs, times, journal, clock, delivery } = this.#fields;
    const look = { journal, jobs, clock, intervalMs: times.lookIntervalMs };
    await jobs.add([lookNow]);
    await boss.work("look", this.#polling(), () =>
      this.#measured("look", 1, async () => {
        await lookAround({ ...look, delivers: delivery !== undefined });
        return [];
      }),
    );
    const { submit, follow } = batchSizes;
    await this.#takeChunks("submit", { batchSize: submit });
    await this.#takeChunks("follow", { batchSize: follow, localConcurrency: followBatches });
    await this.#takeChunks("collect", { ...batchesOf(times), localConcurrency: collectBatches });
    await this.#takeDeliveries();
    await this.#takeDeadLetters();
  }

  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Leaves nothing open, though the database may be gone. */
  async #close(): Promise<void> {
    const { journal, work, logger } = this.#fields;
    await closeAll(logger, [
      () => this.#stop(),
      () => {
        this.#ended.abort();
        return this.#leases;
      },
      () => work.release(),
      () => journal.close(),
      () => this.#health?.close(),
    ]);
  }

  /** Takes no more jobs, and ends those that are being done. */
  async #stop(): Promise<void> {
    const { boss, work, times } = this.#fields;
    const left = Promise.all(queues.map((queue) => boss.offWork(queue, { wait: true })));
    await work.stop();
    await left;
    await boss.stop({ graceful: true, timeout: times.closeTimeoutMs });
  }

  async #takeChunks(
    queue: ChunkQueue,
    options: { readonly batchSize?: number; readonly localConcurrency?: number },
  ): Promise<void> {
    const taking = { ...this.#polling(), ...options, burstWhenBatchFull: true } as const;
    await this.#fields.boss.work(
      queue,
      { ...taking, perJobResults: true } as const,
      async (jobs: Job<ChunkRef>[]) => {
        if (queue === "follow") await this.#fields.polls.enter(this.#fields.work.closing);
        return this.#measured(queue, jobs.length, () => this.#chunkJobs.do(queue, jobs));
      },
    );
  }

  async #takeDeliveries(): Promise<void> {
    const { boss, times, delivery } = this.#fields;
    if (delivery === undefined) return;
    const taking = { ...this.#polling(), ...batchesOf(times), perJobResults: true } as const;
    await boss.work("deliver", taking, (jobs: Job<ChunkRef>[]) =>
      this.#measured("deliver", jobs.length, () => delivery.deliverAll(jobs)),
    );
  }

  async #takeDeadLetters(): Promise<void> {
    const { boss } = this.#fields;
    const taking = { ...this.#polling(), batchSize: 50, includeMetadata: true } as const;
    await boss.work(deadLetters, taking, (jobs: JobWithMetadata<Partial<ChunkRef>>[]) =>
      takeDeadLetters(jobs, { ...this.#fields, worker: this.id }),
    );
  }

  async #measured<Result extends readonly { readonly status: string }[]>(
    queue: QueueName,
    jobs: number,
    act: () => Promise<Result>,
  ): Promise<Result> {
    const { telemetry, logger } = this.#fields;
    const startedMs = performance.now();
    let failed = jobs;
    try {
      const results = await act();
      failed = results.filter(({ status }) => status === "failed").length;
      return results;
    } catch (error) {
      logger.warn({ error, queue, jobs }, "jobs failed and are tried again");
      throw error;
    } finally {
      const seconds = (performance.now() - startedMs) / 1000;
      const ofQueue = { "vision_batch.job.queue": queue };
      for (const [outcome, count] of Object.entries({ done: jobs - failed, failed })) {
        const labels = { ...ofQueue, "vision_batch.job.outcome": outcome };
        if (count > 0) telemetry.add(metrics.jobs, count, labels);
      }
      telemetry.record(metrics.jobsDuration, seconds, ofQueue);
    }
  }

  #polling() {
    const pollingIntervalSeconds = this.#fields.times.pollIntervalMs / 1000;
    return { pollingIntervalSeconds, notifyPollingIntervalSeconds: pollingIntervalSeconds };
  }
}

/** Pauses are made only between batches that are not full. */
function batchesOf(times: WorkerTimes) {
  return { batchSize: outputBatch(times), burstWhenBatchFull: true } as const;
}

import type { Job, PgBoss } from "pg-boss";
import { ChunkWork } from "../runs/driver/chunk-work.ts";
import type { Stay } from "../runs/driver/stay.ts";
import type { ChunkRef } from "../runs/journal/chunk-record.ts";
import { openPostgresJournal } from "../runs/journal/postgres/open-postgres-journal.ts";
import type { PostgresJournal } from "../runs/journal/postgres/postgres-journal.ts";
import { readPostgresUrl } from "../runs/journal/postgres/postgres-url.ts";
import { pause } from "../runs/run-clock.ts";
import { silentLogger, type Logger } from "../transport/index.ts";
import { ChunkJobs } from "./chunk-jobs.ts";
import { DatabaseClock } from "./database-clock.ts";
import { enqueueWith, JobWriter } from "./job-writer.ts";
import { lookAround } from "./look.ts";
import { lookNow, type QueueName } from "./queues.ts";
import { startBoss } from "./start-boss.ts";
import {
  resolveWorkerTimes,
  type CreateWorkerOptions,
  type WorkerTimes,
} from "./worker-options.ts";

/** A longer wait gives a chunk back: its job comes when it is due, to whoever is free then. */
const keptWaitMs = 500;
const clockIntervalMs = 30_000;
/** Jobs that are taken at a time: submits have turns, operations are read beside each other. */
const batchSizes = { submit: 4, follow: 50 } as const;
const followBatches = 2;

interface WorkerFields {
  readonly boss: PgBoss;
  readonly journal: PostgresJournal;
  readonly clock: DatabaseClock;
  readonly jobs: JobWriter;
  readonly work: ChunkWork;
  readonly times: WorkerTimes;
  readonly logger: Logger;
}

/** One of any number of processes that work on the runs of a journal, by the jobs that are in its database. */
export class Worker implements AsyncDisposable {
  readonly #fields: WorkerFields;
  readonly #chunkJobs: ChunkJobs;
  readonly #ended = new AbortController();
  readonly #loops: Promise<void>[];
  #closed: Promise<void> | undefined;

  /** @internal */
  constructor(fields: WorkerFields) {
    this.#fields = fields;
    const { work, jobs } = fields;
    this.#chunkJobs = new ChunkJobs({ work, jobs, onEnded: () => undefined });
    this.#loops = [work.keepLeases(this.#ended.signal), this.#keepTime()];
  }

  /** Who this is in the events of the journal. */
  get id(): string {
    return this.#fields.work.id;
  }

  /** Whether jobs are taken: not any more once this is being closed. */
  get isReady(): boolean {
    return this.#closed === undefined && this.#fields.work.failure === undefined;
  }

  /** Begins to take jobs. @internal */
  async start(): Promise<void> {
    const { jobs, times, journal, clock } = this.#fields;
    const { lookIntervalMs: intervalMs, concurrency } = times;
    await jobs.add([lookNow]);
    await this.#take("look", { localConcurrency: 1 }, () =>
      lookAround({ journal, jobs, clock, intervalMs }),
    );
    const { submit, follow } = batchSizes;
    await this.#takeChunks("submit", { batchSize: submit });
    await this.#takeChunks("follow", { batchSize: follow, localConcurrency: followBatches });
    await this.#takeChunks("collect", { localConcurrency: concurrency });
  }

  /**
   * Takes no more jobs, finishes what is being sent and written, gives all else back and ends: other workers
   * go on with it at once. May be called again.
   */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    await this.#closed;
  }

  /** As {@link Worker.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    const { boss, work, journal, times } = this.#fields;
    const queues: readonly QueueName[] = ["look", "submit", "follow", "collect"];
    const left = Promise.all(queues.map((queue) => boss.offWork(queue, { wait: true })));
    await work.stop();
    await left;
    await boss.stop({ graceful: true, timeout: times.closeTimeoutMs });
    this.#ended.abort();
    await Promise.all(this.#loops);
    await work.release();
    await journal.close();
  }

  async #takeChunks(
    queue: QueueName,
    options: { readonly batchSize?: number; readonly localConcurrency?: number },
  ): Promise<void> {
    const taking = { ...this.#polling(), ...options, burstWhenBatchFull: true } as const;
    await this.#fields.boss.work(
      queue,
      { ...taking, perJobResults: true } as const,
      (jobs: Job<ChunkRef>[]) => this.#chunkJobs.do(jobs),
    );
  }

  async #take(
    queue: QueueName,
    options: { readonly localConcurrency: number },
    act: () => Promise<void>,
  ): Promise<void> {
    await this.#fields.boss.work(queue, { ...this.#polling(), ...options }, act);
  }

  #polling() {
    const pollingIntervalSeconds = this.#fields.times.pollIntervalMs / 1000;
    return { pollingIntervalSeconds, notifyPollingIntervalSeconds: pollingIntervalSeconds };
  }

  async #keepTime(): Promise<void> {
    const { clock, logger } = this.#fields;
    while (await pause(clock, clockIntervalMs, this.#ended.signal)) {
      await clock.set().catch((error: unknown) => {
        logger.warn({ error }, "the time of the database could not be read");
      });
    }
  }
}

/**
 * Starts a worker: it takes jobs until it is closed.
 * @throws JournalError where the database cannot be used; MissingPackageError; RangeError for options that cannot be.
 */
export async function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const { logger = silentLogger, client, store } = options;
  const times = resolveWorkerTimes(options);
  const place = readPostgresUrl(options.journal);
  const base = client.backend({ store });
  const boss = await startBoss(place, { logger });
  const jobs = new JobWriter(boss);
  let journal: PostgresJournal | undefined;
  try {
    journal = await openPostgresJournal({
      ...{ url: options.journal, beforeCommit: enqueueWith(jobs) },
    });
    const clock = await DatabaseClock.start(() => readDatabaseMs(boss));
    const { concurrency, leaseMs, closeTimeoutMs } = times;
    const work = new ChunkWork(
      { journal, clock, logger, service: base.service, store: base.store },
      {
        stay: stayOf(base.service.planRead),
        ...{ onStep: () => undefined, onLeft: () => undefined, onRunStopped: () => undefined },
        onRenewed: () => Promise.resolve(),
        onFailed: () => undefined,
      },
      { leaseMs, closeTimeoutMs, maxCollecting: concurrency },
    );
    const worker = new Worker({ boss, journal, clock, jobs, work, times, logger });
    await worker.start();
    logger.info({ worker: worker.id, journal: place.journal }, "the worker takes jobs");
    return worker;
  } catch (error) {
    await boss.stop({ graceful: false });
    await journal?.close();
    throw error;
  }
}

/** Each state is left to the job of the next one, so that any worker may be the one. */
function stayOf(planPoll: Stay["planPoll"]): Stay {
  return {
    keptWaitMs,
    staysAfter: (before, after) => before === after,
    planPoll: planPoll ?? (({ ageMs }) => Math.min(45_000, Math.max(20_000, ageMs / 2))),
  };
}

async function readDatabaseMs(boss: PgBoss): Promise<number> {
  const sql = "select extract(epoch from clock_timestamp()) * 1000 as ms";
  const { rows } = await boss.getDb().executeSql(sql);
  return Number((rows[0] as { readonly ms: string | number }).ms);
}

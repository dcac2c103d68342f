import { errorFromJson, JournalError, RpcError } from "../errors/index.ts";
import { DatabaseClock } from "../runs/database-clock.ts";
import { ChunkWork, type ChunkWorkEvents } from "../runs/driver/chunk-work.ts";
import type { HeldChunk } from "../runs/driver/held-chunk.ts";
import type { Stay } from "../runs/driver/stay.ts";
import { openPostgresJournal } from "../runs/journal/postgres/open-postgres-journal.ts";
import { toJournalError } from "../runs/journal/postgres/postgres-errors.ts";
import type { PostgresJournal } from "../runs/journal/postgres/postgres-journal.ts";
import {
  isPostgresUrl,
  readPostgresUrl,
  type PostgresPlace,
} from "../runs/journal/postgres/postgres-url.ts";
import type { RunsBase } from "../runs/index.ts";
import { Telemetry } from "../telemetry/index.ts";
import { openPrometheusMeter } from "../telemetry/prometheus-meter.ts";
import { serverDelayMs } from "../transport/backoff.ts";
import { silentLogger } from "../transport/index.ts";
import { closeAll, closeFailed } from "./close-all.ts";
import { CollectSink } from "./collect-sink.ts";
import { Delivery } from "./delivery.ts";
import { startHealthServer, type HealthServer } from "./health-server.ts";
import { JobWorker } from "./job-worker.ts";
import { enqueueWith, JobWriter } from "./job-writer.ts";
import { PollBudget, type PollBudgetParts } from "./poll-budget.ts";
import { submitBatch } from "./queues.ts";
import { writeNdjson } from "./result-sink.ts";
import { startBoss } from "./start-boss.ts";
import {
  resolveConnections,
  resolveWorkerTimes,
  type CreateWorkerOptions,
  type WorkerTimes,
} from "./worker-options.ts";
import type { Worker } from "./worker.ts";

/** A longer wait gives a chunk back: its job comes when it is due, to whoever is free then. */
const keptWaitMs = 500;

/**
 * Starts a worker: it takes jobs until it is closed.
 * @throws JournalError where the database cannot be used; MissingPackageError; RangeError for options that cannot be.
 */
export async function createWorker(options: CreateWorkerOptions): Promise<Worker> {
  const base = options.client.backend({ store: options.store });
  const { telemetry = new Telemetry() } = base;
  await telemetry.open();
  // It goes on long after whoever has asked for it.
  return telemetry.outside(() => startWorker({ ...base, telemetry }, options));
}

type Base = Required<Pick<RunsBase, "service" | "store">> & { readonly telemetry: Telemetry };

async function startWorker(base: Base, options: CreateWorkerOptions): Promise<Worker> {
  const { telemetry } = base;
  const { logger = silentLogger } = options;
  const times = resolveWorkerTimes(options);
  const place = readPlace(options.journal);
  const connections = resolveConnections(options, times);
  const boss = await startBoss(place, { logger, maxConnections: connections.jobs });
  const started: { journal?: PostgresJournal; worker?: Worker } = {};
  try {
    const jobs = new JobWriter(boss);
    const url = options.journal;
    const journal = await openPostgresJournal({
      ...{ url, beforeCommit: enqueueWith(jobs), maxConnections: connections.journal },
    });
    started.journal = journal;
    const clock = await DatabaseClock.start(() => journal.readTimeMs());
    const polls = openPollBudget(base, { journal, clock, logger });
    const { work, delivery } = startWork({ ...base, journal, clock, times, polls }, options);
    const core = { boss, journal, clock, jobs, work, polls, telemetry } as const;
    const worker = new JobWorker({ ...core, times, logger, delivery });
    started.worker = worker;
    const health = await serveHealth(worker, telemetry, options);
    // All that it asks for now is the job queue, in the database of the journal.
    await worker.start(health).catch((error: unknown) => {
      throw toJournalError(error, place.journal);
    });
    const { id, metricsAddress } = worker;
    logger.info({ worker: id, journal: place.journal, metricsAddress }, "the worker takes jobs");
    return worker;
  } catch (error) {
    const opened = [
      () => started.worker?.close(),
      () => boss.stop({ graceful: false }),
      () => started.journal?.close(),
    ];
    // Why the worker was not started says more than what could not be closed of it.
    await closeAll(logger, opened).catch((failure: unknown) => {
      logger.warn({ error: failure }, closeFailed);
    });
    throw error;
  }
}

function readPlace(journal: string): PostgresPlace {
  if (isPostgresUrl(journal)) return readPostgresUrl(journal);
  throw new JournalError("workers need a journal that is named as postgres://USER@HOST/DATABASE", {
    // What is no URL of ours may still hold a password.
    ...{ reason: "unsupported", journal: journal.replace(/\/\/.*@/s, "//") },
  });
}

interface WorkFields extends Base {
  readonly journal: PostgresJournal;
  readonly clock: DatabaseClock;
  readonly times: WorkerTimes;
  readonly polls: PollBudget;
}

function openPollBudget({ service }: Base, parts: Omit<PollBudgetParts, "perMinute">): PollBudget {
  const { readsPerMinute: perMinute = () => Infinity } = service;
  return new PollBudget({ ...parts, perMinute });
}

function startWork(
  { service, store, telemetry, journal, clock, times, polls }: WorkFields,
  options: CreateWorkerOptions,
): { readonly work: ChunkWork; readonly delivery: Delivery | undefined } {
  const { logger = silentLogger } = options;
  const { onResults: sink = writeNdjson, resultsInTransaction: inTransaction = false } = options;
  const handing =
    sink === false ? undefined : { journal, store, sink, inTransaction, logger, telemetry };
  const events: ChunkWorkEvents = {
    stay: stayOf(service.planRead, polls),
    onStep: (held) => {
      noticeExhaustion(held, polls);
    },
    ...{ onLeft: () => undefined, onRunStopped: () => undefined },
    // Chunks are held for moments, and each is claimed with its run as it is then.
    onRenewed: () => Promise.resolve(),
    onFailed: () => undefined,
  };
  const { concurrency: maxCollecting, leaseMs, closeTimeoutMs } = times;
  const settings = { leaseMs, closeTimeoutMs, maxCollecting };
  const parts = { journal, clock, logger, service, store, telemetry };
  if (handing === undefined) {
    return { work: new ChunkWork(parts, events, settings), delivery: undefined };
  }
  const work = new ChunkWork({ ...parts, sink: new CollectSink(handing) }, events, settings);
  const { closing } = work;
  return { work, delivery: new Delivery({ ...handing, version: service.version, closing }) };
}

/** Serves the health of a worker, and as long as that its metrics. */
async function serveHealth(
  worker: Worker,
  telemetry: Telemetry,
  { metricsPort: port, metricsHost: host = "127.0.0.1" }: CreateWorkerOptions,
): Promise<HealthServer | undefined> {
  if (port === undefined) return undefined;
  const metrics = await openPrometheusMeter();
  const source = { isReady: () => worker.isReady(), metrics };
  const server = await startHealthServer(source, { host, port });
  const joined = telemetry.join(metrics);
  return {
    address: server.address,
    close: async () => {
      joined[Symbol.dispose]();
      await server.close();
    },
  };
}

/** Each state is left to the job of the next one, so that any worker may be the one. */
function stayOf(planRead: Stay["planPoll"], polls: PollBudget): Stay {
  const plan = planRead ?? (({ ageMs }) => Math.min(45_000, Math.max(20_000, ageMs / 2)));
  return {
    keptWaitMs,
    askingForRoom: submitBatch,
    staysIn: ({ current }, state) => current.chunk.state === state,
    planPoll: (timing) => polls.stretch(plan(timing)),
  };
}

/** A read that was one too many is told to all workers. */
function noticeExhaustion({ current: { chunk } }: HeldChunk, polls: PollBudget): void {
  const { state, error: data, memo } = chunk;
  if (state !== "running" || data === undefined || memo.pollFailures === undefined) return;
  const error = errorFromJson(data);
  if (!(error instanceof RpcError) || error.code !== "RESOURCE_EXHAUSTED") return;
  polls.exhausted(serverDelayMs(error));
}

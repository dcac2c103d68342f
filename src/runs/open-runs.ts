import type { ApiVersion } from "../protocol/api-version.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { Telemetry } from "../telemetry/index.ts";
import { silentLogger, type Logger } from "../transport/index.ts";
import { DatabaseClock } from "./database-clock.ts";
import { RunWorker } from "./driver/run-worker.ts";
import { resolveWorkerOptions, type WorkerOptions } from "./driver/worker-options.ts";
import type { RunService } from "./driver/run-service.ts";
import type { Journal } from "./journal/journal.ts";
import { openJournal } from "./journal/open-journal.ts";
import { googlePrices, type PriceTable } from "./prices.ts";
import { wallClock, type RunClock } from "./run-clock.ts";
import { Runs } from "./runs.ts";

/** How runs are opened. */
export interface RunsOptions extends WorkerOptions {
  /**
   * `sqlite:runs.db`, a file that is made where it is not there; `sqlite::memory:`;
   * `postgres://user:password@host/database`, where its tables are in a schema of their own
   * (`vision_batch`, or `?schema=`); or a journal, which stays open.
   */
  readonly journal: string | Journal;
  /** Where the results are written. Default: Cloud Storage, as the client reaches it. */
  readonly store?: ObjectStore | undefined;
  /** What units cost. Default: Google's list prices. */
  readonly prices?: PriceTable | undefined;
  /** Default: that of the database, where the journal is in PostgreSQL; else that of the machine. */
  readonly clock?: RunClock | undefined;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
  /** Whether this process works on the runs that are started and resumed here; else others must. Default true. */
  readonly drive?: boolean | undefined;
}

/** What runs are opened over. */
export interface RunsBase {
  readonly service: RunService;
  readonly store: ObjectStore;
  /** Who is told what goes on. Default: nobody. */
  readonly telemetry?: Telemetry | undefined;
  /** Called when the runs are closed. */
  readonly onClose?: (() => Promise<void>) | undefined;
}

/** Opens the runs of a journal. @throws JournalError, RangeError for options that cannot be. */
export async function openRunsOver<V extends ApiVersion>(
  { service, store, telemetry, onClose }: RunsBase,
  options: RunsOptions,
): Promise<Runs<V>> {
  const { prices = googlePrices, logger = silentLogger, drive = true } = options;
  const { leaseMs, maxChunks, maxSubmitting, maxCollecting } = options;
  const { closeTimeoutMs, connectNoticeMs } = options;
  const workerOptions = {
    ...{ leaseMs, maxChunks, maxSubmitting, maxCollecting },
    ...{ closeTimeoutMs, connectNoticeMs },
  };
  // Found wrong before a journal is opened that nobody would close.
  resolveWorkerOptions(workerOptions);
  const isOurs = typeof options.journal === "string";
  await telemetry?.open();
  const journal = isOurs ? await openJournal(options.journal) : options.journal;
  const clock = options.clock ?? (await clockOf(journal, { isOurs }));
  const parts = { journal, service, store, clock, logger, telemetry };
  const worker = new RunWorker(parts, workerOptions);
  return new Runs<V>({ ...parts, worker, prices, drive }, async () => {
    if (isOurs) await journal.close();
    await onClose?.();
  });
}

/** All who share a journal go by one time. */
async function clockOf(
  journal: Journal,
  { isOurs }: { readonly isOurs: boolean },
): Promise<RunClock> {
  const readMs = journal.readTimeMs?.bind(journal);
  if (readMs === undefined) return wallClock;
  try {
    return await DatabaseClock.start(readMs);
  } catch (error) {
    if (isOurs) await journal.close();
    throw error;
  }
}

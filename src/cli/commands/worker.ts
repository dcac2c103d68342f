import type { Dashboard } from "../../dashboard/index.ts";
import type { ObjectStore } from "../../storage/index.ts";
import type { ConnectionFlags, ServiceConnection } from "../connection.ts";
import { connect } from "../connection.ts";
import { parsePort } from "../dashboard-flag.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { parseNumber } from "../run-flags.ts";
import type { Streams } from "../streams.ts";
import type { WorkerTimes } from "../../workers/worker-options.ts";
import { UsageError } from "../usage-error.ts";
import { jsonLogger } from "./worker-log.ts";

/** The options of `vision-batch worker`. */
export interface WorkerFlags extends ConnectionFlags {
  readonly journal: string;
  /** False with `--no-records`. */
  readonly records: boolean;
  readonly concurrency?: string;
  readonly metricsPort?: string;
  readonly metricsHost?: string;
  readonly dashboardPort?: string;
  /** Seconds. */
  readonly lease?: string;
  /** Seconds. */
  readonly drain?: string;
}

/** What closing takes beside the waiting for answers: what is read and written is broken off and given back. */
const handBackMs = 5_000;

/** How long after SIGTERM a worker ends at the latest, whatever does not answer. */
export function endLimitMs({ closeTimeoutMs }: Pick<WorkerTimes, "closeTimeoutMs">): number {
  return closeTimeoutMs + handBackMs;
}

/** `vision-batch worker`: takes a part in the work on the runs of a journal until SIGINT or SIGTERM. */
export async function work(flags: WorkerFlags, { stderr }: Streams): Promise<ExitCode> {
  const logger = jsonLogger(stderr);
  const { promise: told, resolve: tell } = Promise.withResolvers<undefined>();
  using _watching = watchInterrupts({
    choose: () => Promise.resolve("leave"),
    onChoice: () => {
      tell(undefined);
    },
    leaveNow: () => process.exit(exitCodes.interrupted),
  });
  const numbers = readNumbers(flags);
  if (flags.dashboardPort !== undefined) {
    parsePort({ flag: "--dashboard-port", given: flags.dashboardPort });
  }
  await using connection = await connect(flags);
  const { client } = connection;
  const { createWorker } = await import("../../workers/index.ts");
  const { resolveWorkerTimes } = await import("../../workers/worker-options.ts");
  const { journal, metricsHost } = flags;
  const store = await connection.store();
  const onResults = flags.records ? undefined : (false as const);
  const options = { journal, client, store, onResults, logger, metricsHost, ...numbers };
  const worker = await createWorker(options).catch((error: unknown) => {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  });
  const { id } = worker;
  const dashboard = await serveDashboard(flags, { connection, store, worker: id }).catch(
    async (error: unknown) => {
      await worker.close();
      throw error;
    },
  );
  if (dashboard !== undefined) {
    logger.info({ worker: id, url: dashboard.url }, "the dashboard is served");
  }
  await told;
  logger.info({ worker: id }, "the worker takes no more jobs");
  const late = setTimeout(
    () => {
      logger.error({ worker: id }, "the worker ends though not all it held was given back");
      process.exit(exitCodes.serviceFailed);
    },
    endLimitMs(resolveWorkerTimes(numbers)),
  );
  // Where closing fails and leaves something open, that is not what the process waits for.
  await Promise.all([worker.close(), dashboard?.close()]).finally(() => late.unref());
  clearTimeout(late);
  logger.info({ worker: id }, "the worker has ended");
  return exitCodes.done;
}

interface DashboardParts {
  readonly connection: ServiceConnection;
  readonly store: ObjectStore;
  readonly worker: string;
}

/** Serves the dashboard, over runs that are not worked on by it. */
async function serveDashboard(
  { dashboardPort, journal }: WorkerFlags,
  { connection, store, worker }: DashboardParts,
): Promise<Pick<Dashboard, "url" | "close"> | undefined> {
  if (dashboardPort === undefined) return undefined;
  const { openDashboard } = await import("../open-dashboard.ts");
  const runs = await connection.client.runs({ journal, store, drive: false });
  try {
    const asked = { flag: "--dashboard-port", given: dashboardPort };
    const dashboard = await openDashboard(asked, { runs, journal, worker });
    return {
      url: dashboard.url,
      close: async () => {
        await dashboard.close();
        await runs.close();
      },
    };
  } catch (error) {
    await runs.close();
    throw error;
  }
}

function readNumbers({ concurrency, metricsPort, lease, drain }: WorkerFlags) {
  return {
    concurrency: numberOf("--concurrency", concurrency),
    metricsPort: numberOf("--metrics-port", metricsPort),
    leaseMs: numberOf("--lease", lease, 1000),
    closeTimeoutMs: numberOf("--drain", drain, 1000),
  };
}

function numberOf(name: string, text: string | undefined, unit = 1): number | undefined {
  return text === undefined ? undefined : parseNumber(name, text) * unit;
}

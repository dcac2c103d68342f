import type { ConnectionFlags } from "../connection.ts";
import { connect } from "../connection.ts";
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
  await told;
  const { id } = worker;
  logger.info({ worker: id }, "the worker takes no more jobs");
  const late = setTimeout(
    () => {
      logger.error({ worker: id }, "the worker ends though not all it held was given back");
      process.exit(exitCodes.serviceFailed);
    },
    endLimitMs(resolveWorkerTimes(numbers)),
  );
  // Where closing fails and leaves something open, that is not what the process waits for.
  await worker.close().finally(() => late.unref());
  clearTimeout(late);
  logger.info({ worker: id }, "the worker has ended");
  return exitCodes.done;
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

import type { ConnectionFlags } from "../connection.ts";
import { connect } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { parseNumber } from "../run-flags.ts";
import type { Streams } from "../streams.ts";
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
  const { journal, metricsHost } = flags;
  const store = await connection.store();
  const onResults = flags.records ? undefined : (false as const);
  const options = { journal, client, store, onResults, logger, metricsHost, ...numbers };
  const worker = await createWorker(options).catch((error: unknown) => {
    throw error instanceof RangeError ? new UsageError(error.message) : error;
  });
  await told;
  logger.info({ worker: worker.id }, "the worker takes no more jobs");
  await worker.close();
  logger.info({ worker: worker.id }, "the worker has ended");
  return exitCodes.done;
}

function readNumbers({ concurrency, metricsPort, lease }: WorkerFlags) {
  const leaseS = numberOf("--lease", lease);
  return {
    concurrency: numberOf("--concurrency", concurrency),
    metricsPort: numberOf("--metrics-port", metricsPort),
    leaseMs: leaseS === undefined ? undefined : leaseS * 1000,
  };
}

function numberOf(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseNumber(name, text);
}

import { readFile } from "node:fs/promises";
import { parseFaultRules, startEmulator, type EmulatorOptions } from "../../emulator/index.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";

/** The options of `vision-batch emulator`. */
export interface EmulatorFlags {
  readonly grpcPort?: string;
  readonly httpPort?: string;
  readonly host?: string;
  readonly directory?: string;
  readonly recorded?: string;
  readonly recordedFor?: "missing" | "all";
  /** A file of fault rules. */
  readonly faults?: string;
  readonly faultSeed?: string;
  readonly processingMs?: string;
  readonly requestsPerMinute?: string;
  readonly imagesInProcessing?: string;
  readonly retentionMs?: string;
  readonly imageTimeoutMs?: string;
  readonly workers?: string;
  readonly project?: string;
  /** False with `--no-cancel`, and so on. */
  readonly cancel: boolean;
  readonly list: boolean;
  readonly delete: boolean;
  readonly wait: boolean;
}

/** `vision-batch emulator`: serves until SIGINT or SIGTERM and prints where in one line of JSON. */
export async function emulator(
  flags: EmulatorFlags,
  { stdout, stderr }: Streams,
): Promise<ExitCode> {
  const options = await readOptions(flags);
  const warn = (message: string): void => void stderr.write(`${message}\n`);
  const stopped = stopSignal();
  await using running = await startEmulator({ ...options, logger: { warn } });
  const { grpc, http } = running;
  stdout.write(`${JSON.stringify({ event: "listening", grpc, http })}\n`);
  await stopped;
  return exitCodes.done;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}

async function readOptions(flags: EmulatorFlags): Promise<EmulatorOptions> {
  const { host, directory, recorded, recordedFor, faults, project } = flags;
  return {
    ...withoutUndefined({
      host,
      directory,
      recordedFor,
      recordedDir: recorded,
      projectId: project,
    }),
    ...(faults === undefined ? {} : { faults: await readFaults(faults) }),
    ...withoutUndefined({
      grpcPort: wholeNumber("--grpc-port", flags.grpcPort, 65_535),
      httpPort: wholeNumber("--http-port", flags.httpPort, 65_535),
      faultSeed: wholeNumber("--fault-seed", flags.faultSeed),
      processingMsPerImage: wholeNumber("--processing-ms", flags.processingMs),
      retentionMs: wholeNumber("--retention-ms", flags.retentionMs),
      imageTimeoutMs: wholeNumber("--image-timeout-ms", flags.imageTimeoutMs),
      workers: wholeNumber("--workers", flags.workers),
    }),
    quotas: withoutUndefined({
      requestsPerMinute: wholeNumber("--requests-per-minute", flags.requestsPerMinute),
      imagesInProcessing: wholeNumber("--images-in-processing", flags.imagesInProcessing),
    }),
    cancelSupported: flags.cancel,
    listSupported: flags.list,
    deleteSupported: flags.delete,
    waitSupported: flags.wait,
  };
}

async function readFaults(path: string): Promise<ReturnType<typeof parseFaultRules>> {
  try {
    return parseFaultRules(JSON.parse(await readFile(path, "utf8")));
  } catch (error) {
    throw new UsageError(`--faults ${path}: ${(error as Error).message}`, { cause: error });
  }
}

function wholeNumber(
  flag: string,
  given: string | undefined,
  max = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (given === undefined) return undefined;
  const number = Number(given);
  if (/^\d+$/.test(given) && number <= max) return number;
  throw new UsageError(`${flag} ${given}: expected a whole number from 0 to ${max}`);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(fields: T): Defined<T> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Defined<T>;
}

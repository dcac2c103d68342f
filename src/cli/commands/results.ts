import { findOutputPrefixes } from "../../results/index.ts";
import { collectResults } from "../collect-results.ts";
import { connect, type ConnectionFlags, type ServiceConnection } from "../connection.ts";
import { binaryFormats, loadExporter, type ExportFormat } from "../export-format.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { watchInterrupts } from "../interrupts.ts";
import { openOutput, type RecordOutput } from "../record-output.ts";
import { createProgress } from "../render/create-progress.ts";
import type { Progress } from "../render/progress.ts";
import { formatSummary } from "../render/summary.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";

/** The options of `vision-batch results`. */
export interface ResultsFlags extends ConnectionFlags {
  readonly out?: string;
  readonly format?: "ndjson" | ExportFormat;
  readonly quiet?: boolean;
}

/** `vision-batch results`: reads every shard at and below the given prefixes and writes their records. */
export async function results(
  args: readonly string[],
  flags: ResultsFlags,
  streams: Streams,
): Promise<ExitCode> {
  if (binaryFormats.has(flags.format ?? "") && flags.out === undefined && streams.stdout.isTTY) {
    throw new UsageError(`--format ${flags.format} is no text: give --out FILE, or pipe it on`);
  }
  await using connection = await connect(flags);
  const progress = createProgress(streams.stderr, flags.quiet);
  const interrupted = new AbortController();
  using _interrupts = watchInterrupts({
    choose: () => Promise.resolve("leave"),
    onChoice: () => {
      interrupted.abort(new Error("interrupted"));
    },
    leaveNow: () => process.exit(exitCodes.interrupted),
  });
  let output: RecordOutput | undefined;
  try {
    output = await openOutput(flags.out, streams.stdout);
    const { signal } = interrupted;
    return await readAll({ args, flags, streams, connection, progress, output, signal });
  } catch (error) {
    if (interrupted.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.stop();
    await output?.discard();
  }
}

interface Reading {
  readonly args: readonly string[];
  readonly flags: ResultsFlags;
  readonly streams: Streams;
  readonly connection: ServiceConnection;
  readonly progress: Progress;
  readonly output: RecordOutput;
  readonly signal: AbortSignal;
}

async function readAll(reading: Reading): Promise<ExitCode> {
  const { args, flags, streams, connection, progress, output, signal } = reading;
  const startedAt = Date.now();
  const store = await connection.store();
  // One prefix may lie below another; what is below both is read once.
  const sources = new Set<string>();
  for (const prefix of args) {
    for (const each of await findOutputPrefixes(store, prefix, { signal })) sources.add(each);
  }
  if (sources.size === 0) throw new UsageError(`no results at or below ${args.join(", ")}`);
  const { format = "ndjson" } = flags;
  const onOmission = (uri: string, page: number | undefined): void => {
    const what = page === undefined ? uri : `page ${page} of ${uri}`;
    progress.note(`${what} is left out: its size is not known`);
  };
  const exporter =
    format === "ndjson"
      ? undefined
      : await loadExporter(format, { version: flags.apiVersion, store, onOmission });
  // A bar would draw over records on the same screen.
  if (output.isTerminal) progress.stop();
  const collected = await collectResults({
    ...{ store, sources: [...sources], signal, version: flags.apiVersion, output, exporter },
    givenOf: () => undefined,
    onProgress: (state) => {
      progress.update(state);
    },
  });
  progress.stop();
  const { manifest } = collected;
  const elapsedMs = Date.now() - startedAt;
  streams.stderr.write(formatSummary(manifest, { ...collected, operations: {}, elapsedMs }));
  const complete =
    manifest.counts.succeeded === manifest.inputs && manifest.shardErrors.length === 0;
  return complete ? exitCodes.done : exitCodes.inputsFailed;
}

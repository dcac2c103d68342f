import { findOutputPrefixes } from "../../results/index.ts";
import { collectResults } from "../collect-results.ts";
import { connect, type ConnectionFlags, type ServiceConnection } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { binaryFormats, loadExporter } from "../export-format.ts";
import { parseFormatFlags, type FormatFlags, type FormatSettings } from "../format-flags.ts";
import { watchInterrupts } from "../interrupts.ts";
import { openOutput, type RecordOutput } from "../record-output.ts";
import { createProgress } from "../render/create-progress.ts";
import type { Progress } from "../render/progress.ts";
import { formatSummary } from "../render/summary.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";

/** The options of `vision-batch results`. */
export interface ResultsFlags extends ConnectionFlags, FormatFlags {
  readonly out?: string;
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
  const settings = parseFormatFlags(flags);
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
    const reading = { args, flags, settings, streams, connection, progress, output, signal };
    return await readAll(reading);
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
  readonly settings: FormatSettings;
  readonly streams: Streams;
  readonly connection: ServiceConnection;
  readonly progress: Progress;
  readonly output: RecordOutput;
  readonly signal: AbortSignal;
}

/** What a format cannot hold is told of so many times. */
const lossesShown = 10;

async function readAll(reading: Reading): Promise<ExitCode> {
  const { args, flags, settings, streams, connection, progress, output, signal } = reading;
  const startedAt = Date.now();
  const store = await connection.store();
  // One prefix may lie below another; what is below both is read once.
  const sources = new Set<string>();
  for (const prefix of args) {
    for (const each of await findOutputPrefixes(store, prefix, { signal })) sources.add(each);
  }
  if (sources.size === 0) throw new UsageError(`no results at or below ${args.join(", ")}`);
  const { format = "ndjson" } = flags;
  let losses = 0;
  const onLoss = (loss: string): void => {
    if (++losses <= lossesShown) progress.note(loss);
  };
  const context = { ...settings, version: flags.apiVersion, store, onLoss };
  const exporter = format === "ndjson" ? undefined : await loadExporter(format, context);
  // A bar would draw over records on the same screen.
  if (output.isTerminal) progress.stop();
  const collected = await collectResults({
    ...{ store, sources: [...sources], signal, version: flags.apiVersion, output, exporter },
    givenOf: () => undefined,
    onProgress: (state) => {
      progress.update(state);
    },
  });
  if (losses > lossesShown) progress.note(`and ${losses - lossesShown} more are left out`);
  progress.stop();
  const { manifest } = collected;
  const elapsedMs = Date.now() - startedAt;
  streams.stderr.write(formatSummary(manifest, { ...collected, operations: {}, elapsedMs }));
  const complete =
    manifest.counts.succeeded === manifest.inputs && manifest.shardErrors.length === 0;
  return complete ? exitCodes.done : exitCodes.inputsFailed;
}

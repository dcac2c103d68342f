import { findOutputPrefixes, readResults } from "../../results/index.ts";
import { connect, type ConnectionFlags, type ServiceConnection } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { openExporter, refuseBinary } from "../export-format.ts";
import { parseFormatFlags, type FormatFlags, type FormatSettings } from "../format-flags.ts";
import { describeOddities, formatSummary } from "../render/summary.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";
import { withOutput, type WritingParts } from "../with-output.ts";
import { writeRecords } from "../write-records.ts";

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
  refuseBinary(flags, streams);
  const settings = parseFormatFlags(flags);
  await using connection = await connect(flags);
  return await withOutput(flags, streams, (parts) =>
    readAll({ args, flags, settings, connection, ...parts }),
  );
}

interface Reading extends WritingParts {
  readonly args: readonly string[];
  readonly flags: ResultsFlags;
  readonly settings: FormatSettings;
  readonly connection: ServiceConnection;
}

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
  const { format } = flags;
  const context = { ...settings, version: flags.apiVersion, store };
  const { exporter, noteRest } = await openExporter(format, context, progress);
  // A bar would draw over records on the same screen.
  if (output.isTerminal) progress.stop();
  const reader = readResults(store, [...sources], { version: flags.apiVersion, signal });
  const written = await writeRecords(reader, {
    ...{ output, exporter, nameOf: () => undefined },
    onProgress: (state) => {
      progress.update(state);
    },
  });
  noteRest();
  progress.stop();
  const { manifest } = reader;
  if (manifest === undefined) throw new Error("the results ended without a manifest");
  const elapsedMs = Date.now() - startedAt;
  const facts = { ...written, rows: [], oddities: describeOddities(manifest), elapsedMs };
  streams.stderr.write(formatSummary(manifest, facts));
  const complete =
    manifest.counts.succeeded === manifest.inputs && manifest.shardErrors.length === 0;
  return complete ? exitCodes.done : exitCodes.inputsFailed;
}

import { findOutputPrefixes } from "../../results/index.ts";
import { collectResults } from "../collect-results.ts";
import { connect, type ConnectionFlags } from "../connection.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { createProgress } from "../render/create-progress.ts";
import { formatSummary } from "../render/summary.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";

/** The options of `vision-batch results`. */
export interface ResultsFlags extends ConnectionFlags {
  readonly out?: string;
  readonly quiet?: boolean;
}

/** `vision-batch results`: reads every shard at and below the given prefixes and writes their records. */
export async function results(
  args: readonly string[],
  flags: ResultsFlags,
  streams: Streams,
): Promise<ExitCode> {
  const startedAt = Date.now();
  await using connection = await connect(flags);
  const progress = createProgress(streams.stderr, flags.quiet);
  try {
    const store = await connection.store();
    const { signal } = new AbortController();
    const found = await Promise.all(args.map((prefix) => findOutputPrefixes(store, prefix)));
    const sources = found.flat();
    if (sources.length === 0) throw new UsageError(`no results at or below ${args.join(", ")}`);
    const collected = await collectResults({
      ...{ store, sources, signal, version: flags.apiVersion, out: flags.out },
      stdout: streams.stdout,
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
  } finally {
    progress.stop();
  }
}

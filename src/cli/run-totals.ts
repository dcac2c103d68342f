import { endedChunkStates, type ChunkManifest, type Run } from "../runs/index.ts";
import { describeOddities } from "./render/summary.ts";

/** What the manifests of a run's chunks add up to. */
export interface RunTotals {
  readonly pages: number;
  readonly shards: number;
  /** The first things that should not be. */
  readonly oddities: readonly string[];
  /** Whether a request failed, and not only inputs of requests; what was sent again does not count. */
  readonly requestsFailed: boolean;
}

const odditiesShown = 10;

/** Adds up what was read of the chunks of a run that have ended. */
export async function readRunTotals(run: Run): Promise<RunTotals> {
  let [pages, shards] = [0, 0];
  let requestsFailed = false;
  const oddities: string[] = [];
  for await (const { chunk } of run.chunks({ states: endedChunkStates })) {
    requestsFailed ||= chunk.state === "failed" && chunk.counts.retried < chunk.size;
    const manifest = (await run.outcome(chunk.number))?.manifest;
    if (manifest === undefined) continue;
    pages += manifest.pages;
    shards += manifest.shards;
    if (oddities.length < odditiesShown) oddities.push(...oddLines(manifest));
  }
  return { pages, shards, oddities: oddities.slice(0, odditiesShown), requestsFailed };
}

function oddLines({ shardErrors, ...rest }: ChunkManifest): string[] {
  const errors = shardErrors.map(({ uri, problem }) => ({
    message: `${uri} cannot be read: ${problem}`,
  }));
  return describeOddities({ ...rest, shardErrors: errors });
}

import type { ResultManifest } from "../results/index.ts";
import { endedChunkStates } from "../runs/journal/chunk-record.ts";
import type { Journal } from "../runs/journal/journal.ts";
import type { RunKey } from "../runs/journal/run-record.ts";
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

/** A manifest as a journal keeps it. */
type KeptManifest = Pick<
  ResultManifest,
  "pages" | "shards" | "unexpected" | "gaps" | "overlaps"
> & { readonly shardErrors: readonly { readonly uri: string; readonly problem: string }[] };

const pageSize = 500;
const odditiesShown = 10;

/** Adds up what was read of the chunks of a run that have ended. */
export async function readRunTotals(journal: Journal, run: RunKey): Promise<RunTotals> {
  let [pages, shards] = [0, 0];
  let requestsFailed = false;
  const oddities: string[] = [];
  for (let after = -1; ;) {
    const selection = { run, states: endedChunkStates, after, limit: pageSize };
    const chunks = await journal.listChunks(selection);
    for (const { chunk } of chunks) {
      after = chunk.number;
      requestsFailed ||= chunk.state === "failed" && chunk.counts.retried < chunk.size;
      const manifest = (await journal.readOutcome(chunk))?.manifest as KeptManifest | undefined;
      if (manifest === undefined) continue;
      pages += manifest.pages;
      shards += manifest.shards;
      if (oddities.length < odditiesShown) oddities.push(...oddLines(manifest));
    }
    if (chunks.length < pageSize) break;
  }
  return { pages, shards, oddities: oddities.slice(0, odditiesShown), requestsFailed };
}

function oddLines({ shardErrors, ...rest }: KeptManifest): string[] {
  const errors = shardErrors.map(({ uri, problem }) => ({
    message: `${uri} cannot be read: ${problem}`,
  }));
  return describeOddities({ ...rest, shardErrors: errors });
}

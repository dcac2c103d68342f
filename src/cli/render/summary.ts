import { resultStatuses, type ResultManifest } from "../../results/index.ts";
import { escapeForTerminal } from "./escape.ts";
import { formatTable } from "./table.ts";

/** An input that has no complete result, and why. */
export interface Shortfall {
  readonly input: string;
  readonly reason: string;
}

/** What the summary tells beside the manifest. */
export interface SummaryFacts {
  /** Operations by how they ended, e.g. `{ succeeded: 2, failed: 1 }`; empty where none were followed. */
  readonly operations: Readonly<Record<string, number>>;
  /** The first inputs without a complete result. */
  readonly shortfalls: readonly Shortfall[];
  /** How many there are in all. */
  readonly shortfallCount: number;
  readonly elapsedMs: number;
}

/** The summary table, for a terminal or a log. */
export function formatSummary(manifest: ResultManifest, facts: SummaryFacts): string {
  const statuses = resultStatuses.filter((status) => manifest.counts[status] > 0);
  const rows: string[][] = [["inputs", String(manifest.inputs)]];
  for (const status of statuses)
    rows.push([`  ${statusWords[status]}`, String(manifest.counts[status])]);
  if (manifest.pages > 0) rows.push(["pages", String(manifest.pages)]);
  for (const [state, number] of Object.entries(facts.operations)) {
    if (number > 0) rows.push([`operations ${state}`, String(number)]);
  }
  rows.push(["shards", String(manifest.shards)], ["seconds", (facts.elapsedMs / 1000).toFixed(1)]);
  return formatTable(rows) + shortfallLines(facts) + oddities(manifest);
}

const statusWords = {
  succeeded: "succeeded",
  partial: "partial",
  failed: "failed",
  missing: "missing",
  notSubmitted: "not submitted",
} as const;

function shortfallLines({ shortfalls, shortfallCount }: SummaryFacts): string {
  const lines = shortfalls.map(
    ({ input, reason }) => `${escapeForTerminal(input)}: ${escapeForTerminal(reason)}\n`,
  );
  const more = shortfallCount - shortfalls.length;
  return lines.join("") + (more > 0 ? `and ${more} more\n` : "");
}

/** What should not be and must not be overlooked. */
function oddities({ unexpected, shardErrors, gaps, overlaps }: ResultManifest): string {
  const lines = shardErrors.map((error) => error.message);
  if (unexpected.count > 0) {
    const [first] = unexpected.first;
    const example = first === undefined ? "" : `, e.g. of ${first.uri} in ${first.shard}`;
    lines.push(`${unexpected.count} responses answer nothing that was asked for${example}`);
  }
  for (const { prefix, first, last } of gaps) {
    lines.push(`no shard under ${prefix} has the responses ${first} to ${last}`);
  }
  for (const { prefix, first, last } of overlaps) {
    lines.push(`two shards under ${prefix} have the responses ${first} to ${last}`);
  }
  return lines.map((line) => `${escapeForTerminal(line)}\n`).join("");
}

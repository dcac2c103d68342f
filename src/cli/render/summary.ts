import { resultStatuses, type ResultManifest, type ResultStatus } from "../../results/index.ts";
import { escapeForTerminal } from "./escape.ts";
import { formatTable } from "./table.ts";

/** An input that has no complete result, and why. */
export interface Shortfall {
  readonly input: string;
  readonly reason: string;
}

/** What was read, in numbers. */
export interface SummaryCounts {
  readonly inputs: number;
  readonly counts: Readonly<Record<ResultStatus, number>>;
  readonly pages: number;
  readonly shards: number;
}

/** What the summary tells beside the counts. */
export interface SummaryFacts {
  /** Further rows: what is counted, and how many. */
  readonly rows: readonly (readonly [string, string])[];
  /** The first inputs without a complete result. */
  readonly shortfalls: readonly Shortfall[];
  /** How many there are in all. */
  readonly shortfallCount: number;
  /** What should not be and must not be overlooked. */
  readonly oddities: readonly string[];
  readonly elapsedMs: number;
}

/** The summary table, for a terminal or a log. */
export function formatSummary(summary: SummaryCounts, facts: SummaryFacts): string {
  const statuses = resultStatuses.filter((status) => summary.counts[status] > 0);
  const rows: (readonly string[])[] = [["inputs", String(summary.inputs)]];
  for (const status of statuses)
    rows.push([`  ${statusWords[status]}`, String(summary.counts[status])]);
  if (summary.pages > 0) rows.push(["pages", String(summary.pages)]);
  rows.push(...facts.rows);
  rows.push(["shards", String(summary.shards)], ["seconds", (facts.elapsedMs / 1000).toFixed(1)]);
  const oddities = facts.oddities.map((line) => `${escapeForTerminal(line)}\n`);
  return formatTable(rows) + shortfallLines(facts) + oddities.join("");
}

/** What became of an input, in words. */
export const statusWords: Readonly<Record<ResultStatus, string>> = {
  succeeded: "succeeded",
  partial: "partial",
  failed: "failed",
  missing: "missing",
  notSubmitted: "not submitted",
};

function shortfallLines({ shortfalls, shortfallCount }: SummaryFacts): string {
  const lines = shortfalls.map(
    ({ input, reason }) => `${escapeForTerminal(input)}: ${escapeForTerminal(reason)}\n`,
  );
  const more = shortfallCount - shortfalls.length;
  return lines.join("") + (more > 0 ? `and ${more} more\n` : "");
}

/** What is odd about results that were read. */
export function describeOddities({
  unexpected,
  shardErrors,
  gaps,
  overlaps,
}: Pick<ResultManifest, "unexpected" | "gaps" | "overlaps"> & {
  readonly shardErrors: readonly { readonly message: string }[];
}): string[] {
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
  return lines;
}

import type { ChunkEvidence, Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

const shownChunks = 5;
const openStates = ["planned", "submitting", "unknown", "running", "collecting"];

/** What happened to the chunks that violations are about, or that are still open: events, attempts, and what the service accepted. */
export function describeTrail(violations: readonly Violation[], evidence: Evidence): string {
  const named = new Set(violations.map(({ chunk }) => chunk));
  const chosen = evidence.chunks.filter(
    ({ chunk }) => named.has(chunk.number) || openStates.includes(chunk.state),
  );
  const shown = chosen.slice(0, shownChunks).map((chunk) => describeChunk(chunk, evidence));
  const more = chosen.length > shownChunks ? [`... and ${chosen.length - shownChunks} more`] : [];
  return [...shown, ...more].join("\n");
}

function describeChunk({ chunk, attempts, events }: ChunkEvidence, { submits }: Evidence): string {
  const { number, state, counts, fence, memo } = chunk;
  const firstMs = events[0]?.atMs ?? 0;
  const lines = [
    `chunk ${number}: ${state}, fence ${fence}, ${JSON.stringify(counts)}, ${JSON.stringify(memo)}`,
    ...events.map(({ atMs, type, worker = "-", fence: by = "-", attempt = "-", data = {} }) => {
      const at = `${((atMs - firstMs) / 1000).toFixed(3)} s`.padStart(12);
      return `${at} ${type} (attempt ${attempt}, fence ${by}, ${worker}) ${JSON.stringify(data)}`;
    }),
    ...attempts.map(({ attempt, prefix, outcome = "none", operation }) => {
      return `  attempt ${attempt}: ${prefix} ${outcome} ${operation?.name ?? ""}`;
    }),
  ];
  const prefixes = new Set(attempts.map(({ prefix }) => prefix));
  for (const { time, outputPrefixes, operationName } of submits) {
    if (!outputPrefixes.some((prefix) => prefixes.has(prefix))) continue;
    lines.push(`  accepted by the service at ${time}: ${outputPrefixes.join()} ${operationName}`);
  }
  return lines.join("\n");
}

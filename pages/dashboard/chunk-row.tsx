import type { VNode } from "preact";
import type { ChunkEntry } from "../../src/dashboard/dashboard-data.ts";
import { count, counted, lastPart } from "./format.ts";
import { chunkLink } from "./route.ts";
import { StateBadge } from "./state-badge.tsx";

interface ChunkRowProps {
  readonly run: string;
  readonly place: number;
  /** Undefined until it has come: then its number is its place. */
  readonly chunk: ChunkEntry | undefined;
  /** The keyboard comes to this one of all. */
  readonly isActive: boolean;
}

/** A chunk in a line. */
export function ChunkRow({ run, place, chunk, isActive }: ChunkRowProps): VNode {
  const link = {
    ...{ class: "chunk-row", "data-place": place, tabIndex: isActive ? 0 : -1 },
    href: chunkLink(run, chunk?.number ?? place),
  };
  if (chunk === undefined) {
    return (
      <a {...link}>
        <span class="number">{place}</span>
        <span class="note">…</span>
      </a>
    );
  }
  const { number, state, kind, size, isUndecided } = chunk;
  return (
    <a {...link}>
      <span class="number">{number}</span>
      <StateBadge state={state} />
      <span class="note size">{counted(size, kind)}</span>
      <span class={isUndecided || chunk.error !== undefined ? "brief trouble" : "brief note"}>
        <bdi>{isUndecided ? "waits for your decision" : briefOf(chunk)}</bdi>
      </span>
      <span class="note tries">{chunk.attempt > 1 ? `attempt ${chunk.attempt}` : ""}</span>
    </a>
  );
}

/** What is most worth knowing of a chunk. */
function briefOf({ error, counts, operation, state, worker, decision }: ChunkEntry): string {
  if (decision !== undefined) return `decided: ${decision}`;
  // The end of a long line is cut off.
  if (error !== undefined) return `${error.code ?? error.name}: ${error.message}`;
  if (counts !== undefined) {
    const bad = counts.failed + counts.missing + counts.notSubmitted;
    const parts = [
      `${count(counts.succeeded)} succeeded`,
      ...(counts.partial > 0 ? [`${count(counts.partial)} partial`] : []),
      ...(bad > 0 ? [`${count(bad)} without a result`] : []),
      ...(counts.retried > 0 ? [`${count(counts.retried)} sent again`] : []),
    ];
    return parts.join(", ");
  }
  if (operation !== undefined) return lastPart(operation);
  return state === "planned" ? "not sent yet" : (worker ?? "");
}

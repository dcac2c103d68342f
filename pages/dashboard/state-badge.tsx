import type { VNode } from "preact";
import type { ChunkStateName, RunEntry } from "../../src/dashboard/dashboard-data.ts";

/** What a run or a chunk is doing, by color and word. */
export function StateBadge({
  state,
}: {
  readonly state: RunEntry["state"] | ChunkStateName;
}): VNode {
  return <span class={`badge state-${state}`}>{state}</span>;
}

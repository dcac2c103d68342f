import type { VNode } from "preact";
import type { ChunkStateName, RunStateName } from "../../src/dashboard/dashboard-data.ts";

/** What a run or a chunk is doing, by color and word. */
export function StateBadge({ state }: { readonly state: RunStateName | ChunkStateName }): VNode {
  return <span class={`badge state-${state}`}>{state}</span>;
}

import type { VNode } from "preact";
import type { ItemStatus } from "../../src/report/report-data.ts";

/** The names of statuses as they are shown. */
export const statusNames: Readonly<Record<ItemStatus, string>> = {
  succeeded: "Succeeded",
  partial: "Partial",
  failed: "Failed",
  missing: "Missing",
  notSubmitted: "Not submitted",
};

/** What became of an item, by color and word. */
export function StatusBadge({ status }: { readonly status: ItemStatus }): VNode {
  return <span class={`badge ${status}`}>{statusNames[status]}</span>;
}

import type { VNode } from "preact";
import type { InputStatusName, RunEntry } from "../../src/dashboard/dashboard-data.ts";
import { statusNames } from "../shared/status-badge.tsx";
import { count, percent } from "./format.ts";

const statuses: readonly InputStatusName[] = [
  "succeeded",
  "partial",
  "failed",
  "missing",
  "notSubmitted",
];

/** How much of a run has come to which end, as a bar. */
export function InputBar({ entry }: { readonly entry: Pick<RunEntry, "inputs" | "id"> }): VNode {
  const { inputs } = entry;
  const ended = inputs.total - inputs.open;
  return (
    <div
      class="input-bar"
      role="progressbar"
      aria-label="Inputs at their end"
      aria-valuemin={0}
      aria-valuemax={Math.max(1, inputs.total)}
      aria-valuenow={ended}
      aria-valuetext={`${count(ended)} of ${count(inputs.total)}, ${percent(ended, inputs.total)}`}
    >
      {statuses.map((status) =>
        inputs[status] === 0 ? null : (
          <span key={status} class={`part ${status}`} style={{ flexGrow: inputs[status] }} />
        ),
      )}
      <span key="open" class="part open" style={{ flexGrow: inputs.open }} />
    </div>
  );
}

/** The colors of the bar, with numbers. */
export function InputLegend({ inputs }: Pick<RunEntry, "inputs">): VNode {
  const shown = statuses.filter((status) => inputs[status] > 0);
  return (
    <ul class="legend">
      {shown.map((status) => (
        <li key={status}>
          <span class={`dot ${status}`} />
          {statusNames[status]} <span class="count">{count(inputs[status])}</span>
        </li>
      ))}
      <li key="open">
        <span class="dot open" />
        Open <span class="count">{count(inputs.open)}</span>
      </li>
    </ul>
  );
}

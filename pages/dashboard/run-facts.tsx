import type { VNode } from "preact";
import type { RunDetail } from "../../src/dashboard/dashboard-data.ts";
import { count, duration, money, percent, rate } from "./format.ts";

/** The numbers of a run. */
export function RunFacts({ detail }: { readonly detail: RunDetail }): VNode {
  return (
    <ul class="facts">
      {factsOf(detail).map(([name, value, more]) => (
        <li key={name}>
          <span class="value">{value}</span>
          <span class="note">{name}</span>
          {more !== undefined && <span class="note more">{more}</span>}
        </li>
      ))}
    </ul>
  );
}

type Fact = readonly [name: string, value: string, more?: string | undefined];

function factsOf(detail: RunDetail): readonly Fact[] {
  const { inputs, chunks, submits, inputsPerSecond, timeLeftMs, perhapsCost } = detail;
  const ended = inputs.total - inputs.open;
  const sent = submits.accepted + submits.rejected + submits.unknown + submits.pending;
  const others = [
    submits.rejected > 0 ? `${count(submits.rejected)} refused` : "",
    submits.unknown > 0 ? `${count(submits.unknown)} of unknown fate` : "",
    detail.retries > 0 ? `${count(detail.retries)} repeated` : "",
  ].filter((text) => text !== "");
  const endedChunks = chunks.done + chunks.failed + chunks.cancelled;
  return [
    [
      "inputs at their end",
      percent(ended, inputs.total),
      `${count(ended)} of ${count(inputs.total)}`,
    ],
    [
      "inputs a second",
      inputsPerSecond === undefined ? "–" : rate(inputsPerSecond),
      timeLeftMs === undefined || inputs.open === 0
        ? undefined
        : `${duration(Math.max(1000, timeLeftMs))} left`,
    ],
    ["chunks at their end", count(endedChunks), `of ${count(chunks.total)}`],
    ["submits", count(sent), others.length === 0 ? undefined : others.join(", ")],
    ["reads of operations", count(detail.polls)],
    [
      "cost at list prices",
      money(detail.cost),
      perhapsCost.amount > 0 ? `and perhaps ${money(perhapsCost)}` : undefined,
    ],
    ["rounds of retry", count(detail.rounds)],
  ];
}

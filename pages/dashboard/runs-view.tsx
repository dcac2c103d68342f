import type { VNode } from "preact";
import type { RunEntry } from "../../src/dashboard/dashboard-data.ts";
import { clock, count, duration, money, percent, rate, unreached } from "./format.ts";
import { InputBar } from "./input-bar.tsx";
import { runs, runsLeft } from "./live.ts";
import { runLink } from "./route.ts";
import { StateBadge } from "./state-badge.tsx";
import { ThroughputCharts } from "./throughput-charts.tsx";

/** All runs of the journal. */
export function RunsView(): VNode {
  const list = runs.value;
  return (
    <main class="page" tabIndex={-1}>
      <h1>Runs</h1>
      {list === undefined ? (
        <p class="nothing">Reading…</p>
      ) : list.length === 0 ? (
        <p class="nothing">The journal has no runs yet.</p>
      ) : (
        <>
          <ul class="run-list">
            {list.map((entry) => (
              <RunCard key={entry.id} entry={entry} />
            ))}
          </ul>
          {runsLeft.value > 0 && (
            <p class="note">{count(runsLeft.value)} older runs are not shown.</p>
          )}
          <ThroughputCharts />
        </>
      )}
    </main>
  );
}

function RunCard({ entry }: { readonly entry: RunEntry }): VNode {
  const { id, state, inputs, error, problem, undecided } = entry;
  const ended = inputs.total - inputs.open;
  return (
    <li>
      <a class="run-card" href={runLink(id)}>
        <span class="head">
          <bdi class="name">{id}</bdi>
          <StateBadge state={state} />
          <span class="note since">since {clock(entry.changedMs)}</span>
        </span>
        <InputBar entry={entry} />
        <span class="figures">
          <span>
            {count(ended)} of {count(inputs.total)} inputs, {percent(ended, inputs.total)}
          </span>
          {failures(entry) > 0 && (
            <span class="bad">{count(failures(entry))} without a result</span>
          )}
          {paceOf(entry).map((text) => (
            <span key={text}>{text}</span>
          ))}
          <span>{money(entry.cost)}</span>
        </span>
        {undecided > 0 && (
          <span class="trouble">
            {count(undecided)} {undecided === 1 ? "chunk waits" : "chunks wait"} for a decision
          </span>
        )}
        {problem !== undefined && (
          <span class="trouble">
            {unreached(problem.error)} is not reached since {clock(problem.sinceMs)}:{" "}
            <bdi>{problem.error.message}</bdi>
          </span>
        )}
        {error !== undefined && (
          <span class="trouble">
            <bdi>{error.message}</bdi>
          </span>
        )}
      </a>
    </li>
  );
}

function failures({ inputs }: RunEntry): number {
  return inputs.failed + inputs.missing + inputs.notSubmitted;
}

/** How fast a run goes and how long it will, as far as it goes. */
function paceOf({ state, inputs, inputsPerSecond, timeLeftMs, workers }: RunEntry): string[] {
  const isOpen =
    inputs.open > 0 && (state === "running" || state === "paused" || state === "cancelling");
  if (!isOpen) return [];
  return [
    ...(inputsPerSecond === undefined ? [] : [`${rate(inputsPerSecond)}/s`]),
    ...(timeLeftMs === undefined ? [] : [`${duration(Math.max(1000, timeLeftMs))} left`]),
    `${count(workers)} ${workers === 1 ? "worker" : "workers"}`,
  ];
}

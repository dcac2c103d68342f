import type { VNode } from "preact";
import type { ChunkStateName, RunDetail } from "../../src/dashboard/dashboard-data.ts";
import { ChunkList } from "./chunk-list.tsx";
import { EventList } from "./event-list.tsx";
import { clock, count, counted, unreached } from "./format.ts";
import { InputBar, InputLegend } from "./input-bar.tsx";
import { isGone, run } from "./live.ts";
import { runLink } from "./route.ts";
import { RunActions } from "./run-actions.tsx";
import { RunFacts } from "./run-facts.tsx";
import { Claims, Limits, Options } from "./run-panels.tsx";
import { StateBadge } from "./state-badge.tsx";
import { ThroughputCharts } from "./throughput-charts.tsx";

interface RunViewProps {
  readonly id: string;
  readonly states: readonly ChunkStateName[];
}

/** One run. */
export function RunView({ id, states }: RunViewProps): VNode {
  const detail = run.value?.id === id ? run.value : undefined;
  if (detail === undefined) {
    return (
      <main class="page" tabIndex={-1}>
        <h1 dir="auto">{id}</h1>
        <p class="nothing">{isGone.value ? "The journal has no run of this name." : "Reading…"}</p>
      </main>
    );
  }
  return (
    <main class="page" tabIndex={-1}>
      <div class="head">
        <h1 dir="auto">{id}</h1>
        <StateBadge state={detail.state} />
        <span class="note">since {clock(detail.changedMs)}</span>
        <RunActions key={id} entry={detail} />
      </div>
      {isGone.value && <p class="trouble">The run is not in the journal any more.</p>}
      <Troubles detail={detail} />
      <section class="panel" aria-label="Progress">
        <InputBar entry={detail} />
        <InputLegend inputs={detail.inputs} />
      </section>
      <RunFacts detail={detail} />
      <ThroughputCharts />
      <div class="columns">
        <ChunkList key={id} detail={detail} states={states} />
        <div class="side-panels">
          <Limits detail={detail} />
          <Claims detail={detail} />
          <section class="panel">
            <h2>Recent errors</h2>
            {detail.errors.length === 0 ? (
              <p class="note">None.</p>
            ) : (
              <EventList run={id} events={detail.errors} label="Recent errors" />
            )}
          </section>
          <section class="panel">
            <h2>The run as a whole</h2>
            <EventList events={detail.events} label="Events of the run" />
          </section>
          <Options detail={detail} />
        </div>
      </div>
    </main>
  );
}

/** What a person should know or do. */
function Troubles({ detail }: { readonly detail: RunDetail }): VNode | null {
  const { id, error, problem, undecided, undelivered = 0 } = detail;
  if (error === undefined && problem === undefined && undecided + undelivered === 0) return null;
  return (
    <ul class="troubles">
      {error !== undefined && (
        <li key="error">
          The run has failed: <bdi>{error.message}</bdi>
        </li>
      )}
      {problem !== undefined && (
        <li key="problem">
          {unreached(problem.error)} is not reached since {clock(problem.sinceMs)}:{" "}
          <bdi>{problem.error.message}</bdi> It goes on by itself once it is.
        </li>
      )}
      {undecided > 0 && (
        <li key="undecided">
          {count(undecided)} {undecided === 1 ? "chunk waits" : "chunks wait"} for your decision:{" "}
          <a href={runLink(id, ["unknown"])}>show</a>
        </li>
      )}
      {undelivered > 0 && (
        <li key="undelivered">
          The records of {counted(undelivered, "ended chunk")} were not handed on yet. They are
          offered again by themselves.
        </li>
      )}
    </ul>
  );
}

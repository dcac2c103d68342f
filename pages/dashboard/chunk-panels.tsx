import type { VNode } from "preact";
import type { AttemptEntry, ChunkDetail } from "../../src/dashboard/dashboard-data.ts";
import { statusNames } from "../shared/status-badge.tsx";
import { clock, count, counted, duration } from "./format.ts";
import { Pairs, type Fact } from "./pairs.tsx";

interface PanelProps {
  readonly chunk: ChunkDetail;
}

/** What is known of a chunk as a whole. */
export function ChunkFacts({ chunk }: PanelProps): VNode {
  return (
    <section class="panel" aria-label="The chunk">
      <dl class="pairs wide">
        {factsOf(chunk).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function factsOf(chunk: ChunkDetail): readonly Fact[] {
  const { atMs, kind, size, round, counts, error, decision, settledMs, state, dueMs } = chunk;
  const { worker, leaseUntilMs, operation } = chunk;
  return [
    ["Inputs", `${counted(size, kind)}${round === 0 ? "" : `, of retry ${round}`}`],
    ...(counts === undefined ? [] : ([["What became of them", countsText(counts)]] as const)),
    ...(error === undefined ? [] : ([["Last error", errorText(error)]] as const)),
    ...(decision === undefined ? [] : ([["Decided", decision]] as const)),
    ...(operation === undefined ? [] : ([["Operation", operation]] as const)),
    ...(state === "running" && settledMs !== undefined
      ? ([["Runs for", duration(atMs - settledMs)]] as const)
      : []),
    ["Reads of operations", count(chunk.polls)],
    ...(dueMs === undefined ? [] : ([["Next looked at", clock(dueMs)]] as const)),
    ...(worker === undefined
      ? []
      : ([
          [
            "In the hands of",
            `${worker}${leaseUntilMs === undefined ? "" : `, until ${clock(leaseUntilMs)} at least`}`,
          ],
        ] as const)),
  ];
}

function countsText(counts: NonNullable<ChunkDetail["counts"]>): string {
  const { retried, ...others } = counts;
  const told = Object.entries(others).filter(([, each]) => each > 0);
  const words = told.map(
    ([status, each]) =>
      `${count(each)} ${statusNames[status as keyof typeof statusNames].toLowerCase()}`,
  );
  return [...words, ...(retried > 0 ? [`${count(retried)} sent again`] : [])].join(", ");
}

function errorText({ name, code, message }: NonNullable<ChunkDetail["error"]>): string {
  const what = code ?? name;
  return message.includes(what) ? message : `${what}: ${message}`;
}

/** Every submit of the chunk. */
export function Attempts({ chunk: { attempts } }: PanelProps): VNode {
  return (
    <section class="panel">
      <h2>Attempts</h2>
      {attempts.length === 0 ? (
        <p class="note">It was not sent yet.</p>
      ) : (
        <ol class="attempts">
          {attempts.map((attempt) => (
            <AttemptItem key={attempt.attempt} attempt={attempt} />
          ))}
        </ol>
      )}
    </section>
  );
}

function AttemptItem({ attempt: each }: { readonly attempt: AttemptEntry }): VNode {
  const { attempt, outcome, intentMs, settledMs, operation, prefix, worker, error } = each;
  const rows: readonly Fact[] = [
    ["Sent", clock(intentMs)],
    ...(settledMs === undefined
      ? []
      : ([["Answered", `${clock(settledMs)}, after ${duration(settledMs - intentMs)}`]] as const)),
    ...(operation === undefined ? [] : ([["Operation", operation]] as const)),
    ["Output", prefix],
    ["By", worker],
    ...(error === undefined ? [] : ([["Error", errorText(error)]] as const)),
  ];
  return (
    <li>
      <h3>
        Attempt {attempt}{" "}
        <span class={`badge outcome-${outcome ?? "pending"}`}>
          {outcome ?? "without an answer yet"}
        </span>
      </h3>
      <Pairs of={rows} />
    </li>
  );
}

/** The first inputs of the chunk, and what its output held. */
export function Inputs({ chunk: { inputs, size, manifest } }: PanelProps): VNode {
  return (
    <section class="panel">
      <h2>Inputs</h2>
      <ol class="inputs" tabIndex={0} aria-label="Inputs">
        {inputs.map((uri, place) => (
          <li key={place} dir="auto">
            {uri}
          </li>
        ))}
      </ol>
      {size > inputs.length && <p class="note">and {count(size - inputs.length)} more</p>}
      {manifest !== undefined && (
        <details>
          <summary>What its output held</summary>
          <pre dir="auto">{manifest}</pre>
        </details>
      )}
    </section>
  );
}

import type { VNode } from "preact";
import { clock, counted } from "./format.ts";
import { workers } from "./live.ts";
import { runLink } from "./route.ts";

/** Who works on the runs of the journal. */
export function WorkersView(): VNode {
  const list = workers.value?.workers;
  return (
    <main class="page" tabIndex={-1}>
      <h1>Workers</h1>
      <p class="note">
        Who has chunks in hand, and who had some in the last minutes. A worker that only waits for
        operations may not be seen.
      </p>
      {list === undefined ? (
        <p class="nothing">Reading…</p>
      ) : list.length === 0 ? (
        <p class="nothing">Nobody was seen to have a chunk in hand.</p>
      ) : (
        <ul class="worker-list">
          {list.map(({ id, chunks, runs, seenMs, isThis }) => (
            <li key={id} class="panel">
              <h2>
                <bdi>{id}</bdi>
                {isThis && <span class="badge this">serves this page</span>}
              </h2>
              <p class={chunks === 0 ? "note" : ""}>
                {chunks === 0 ? "Nothing in hand" : `${counted(chunks, "chunk")} in hand`}, seen at{" "}
                {clock(seenMs)}
              </p>
              <ul class="held">
                {runs.map(({ run, chunks: held, leaseUntilMs }) => (
                  <li key={run}>
                    <a href={runLink(run)}>
                      <bdi>{run}</bdi>
                    </a>
                    <span class="note">
                      {counted(held, "chunk")}, held until {clock(leaseUntilMs)}
                    </span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </main>
  );
}

import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ChunkDetail } from "../../src/dashboard/dashboard-data.ts";
import { readChunk } from "./api.ts";
import { ChunkFacts, Attempts, Inputs } from "./chunk-panels.tsx";
import { DecideBox } from "./decide-box.tsx";
import { EventList } from "./event-list.tsx";
import { run } from "./live.ts";
import { chunkLink, runLink } from "./route.ts";
import { StateBadge } from "./state-badge.tsx";

interface ChunkViewProps {
  readonly id: string;
  readonly number: number;
}

/** One chunk, read again whenever something of its run has changed. */
export function ChunkView({ id, number }: ChunkViewProps): VNode {
  const [{ detail, failure }] = useState(() => ({
    detail: signal<ChunkDetail | undefined>(undefined),
    failure: signal<string | undefined>(undefined),
  }));
  const last = run.value;
  useEffect(() => {
    const stop = new AbortController();
    readChunk(id, number, stop.signal).then(
      (read) => {
        detail.value = read;
        failure.value = undefined;
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        failure.value = error instanceof Error ? error.message : String(error);
      },
    );
    return () => stop.abort();
  }, [id, number, last]);
  const chunk = detail.value;
  return (
    <main class="page" tabIndex={-1}>
      <p class="crumbs">
        <a href={runLink(id)}>
          <bdi>{id}</bdi>
        </a>
      </p>
      <div class="head">
        <h1>Chunk {number}</h1>
        {chunk !== undefined && <StateBadge state={chunk.state} />}
        <span class="row tools">
          <Neighbour run={id} number={number - 1} total={last?.chunks.total} label="Previous" />
          <Neighbour run={id} number={number + 1} total={last?.chunks.total} label="Next" />
        </span>
      </div>
      {failure.value !== undefined && (
        <p class="trouble" role="alert">
          <bdi>{failure.value}</bdi>
        </p>
      )}
      {chunk === undefined ? (
        failure.value === undefined && <p class="nothing">Reading…</p>
      ) : (
        <>
          <DecideBox run={id} chunk={chunk} />
          <ChunkFacts chunk={chunk} />
          <div class="columns">
            <section class="panel">
              <h2>What happened</h2>
              <EventList events={chunk.events} label="What happened" />
            </section>
            <div class="side-panels">
              <Attempts chunk={chunk} />
              <Inputs chunk={chunk} />
            </div>
          </div>
        </>
      )}
    </main>
  );
}

interface NeighbourProps {
  readonly run: string;
  readonly number: number;
  readonly total: number | undefined;
  readonly label: string;
}

function Neighbour({ run: id, number, total = number, label }: NeighbourProps): VNode {
  const isThere = number >= 0 && number < total;
  const rel = label === "Next" ? "next" : "prev";
  const link = isThere ? { href: chunkLink(id, number) } : { role: "link" as const };
  return (
    <a class="button" rel={rel} aria-disabled={!isThere} {...link}>
      {label}
    </a>
  );
}

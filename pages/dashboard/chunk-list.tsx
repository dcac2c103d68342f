import { defaultRangeExtractor } from "@tanstack/virtual-core";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import {
  chunkStateNames,
  type ChunkStateName,
  type RunDetail,
} from "../../src/dashboard/dashboard-data.ts";
import { useVirtualizer } from "../shared/use-virtualizer.ts";
import { ChunkRow } from "./chunk-row.tsx";
import { ChunkStore } from "./chunk-store.ts";
import { count } from "./format.ts";
import { chunkLink, showStates } from "./route.ts";

const rowHeight = 46;

interface ChunkListProps {
  readonly detail: RunDetail;
  readonly states: readonly ChunkStateName[];
}

/** The chunks of a run, of which only what is in view is read and drawn. */
export function ChunkList({ detail, states }: ChunkListProps): VNode {
  const { id, chunks } = detail;
  const key = states.join();
  const store = useMemo(() => new ChunkStore(id, states), [id, key]);
  useEffect(() => () => store.close(), [store]);
  useEffect(() => store.refresh(chunks.total), [store, detail]);
  return (
    <section class="panel chunks" aria-label="Chunks">
      <div class="head">
        <h2>Chunks</h2>
        <GoTo run={id} total={chunks.total} />
      </div>
      <div class="row" role="group" aria-label="Shown">
        <Filter run={id} name="all" states={[]} total={chunks.total} isOn={key === ""} />
        {chunkStateNames.map((state) =>
          chunks[state] === 0 && state !== key ? null : (
            <Filter
              key={state}
              run={id}
              name={state}
              states={[state]}
              total={chunks[state]}
              isOn={state === key}
            />
          ),
        )}
      </div>
      {store.failure.value !== undefined && (
        <p class="trouble">
          <bdi>{store.failure.value}</bdi>
        </p>
      )}
      <Rows key={key} run={id} store={store} />
    </section>
  );
}

interface FilterProps {
  readonly run: string;
  readonly name: ChunkStateName | "all";
  readonly states: readonly ChunkStateName[];
  readonly total: number;
  readonly isOn: boolean;
}

function Filter({ run, name, states, total, isOn }: FilterProps): VNode {
  return (
    <button
      type="button"
      class={`chip state-${name}`}
      aria-pressed={isOn}
      onClick={() => showStates(run, states)}
    >
      {name !== "all" && <span class="swatch" />}
      {name} <span class="count">{count(total)}</span>
    </button>
  );
}

/** Leads to a chunk by its number. */
function GoTo({ run, total }: { readonly run: string; readonly total: number }): VNode {
  return (
    <form
      class="go-to"
      onSubmit={(event) => {
        event.preventDefault();
        const { value } = event.currentTarget.elements.namedItem("chunk") as HTMLInputElement;
        if (value !== "") location.hash = chunkLink(run, Number(value));
      }}
    >
      <label>
        Go to chunk{" "}
        <input
          id="search"
          name="chunk"
          type="number"
          min={0}
          max={Math.max(0, total - 1)}
          autocomplete="off"
        />
      </label>
    </form>
  );
}

function Rows({ run, store }: { readonly run: string; readonly store: ChunkStore }): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  // Draws what has come.
  void store.changes.value;
  const { rows } = store;
  const activeRow = Math.min(active, rows.count - 1);
  const virtualizer = useVirtualizer({
    count: rows.count,
    estimateSize: () => rowHeight,
    getScrollElement: () => scroller.current,
    // The row that the keyboard is at is always there to come back to.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      if (activeRow < 0 || shown.includes(activeRow)) return shown;
      return [...shown, activeRow].sort((a, b) => a - b);
    },
  });
  const { startIndex: first = 0, endIndex: last = 0 } = virtualizer.range ?? {};
  useLayoutEffect(() => store.look({ first, last }), [store, first, last, rows.count]);

  const go = (event: KeyboardEvent): void => {
    const place = target(event.key, activeRow, rows.count);
    if (place === undefined) return;
    event.preventDefault();
    setActive(place);
    virtualizer.scrollToIndex(place, { align: "auto" });
    requestAnimationFrame(() => {
      const row = scroller.current?.querySelector(`[data-place="${place}"]`);
      if (row instanceof HTMLElement) row.focus({ preventScroll: true });
    });
  };
  return (
    <div class="chunk-rows" ref={scroller} onKeyDown={go} tabIndex={-1}>
      {rows.count === 0 && (
        <p class="nothing">{store.isRead.value ? "No chunk is in this state." : "Reading…"}</p>
      )}
      <ul class="rows" style={{ height: `${virtualizer.getTotalSize()}px` }} aria-label="Chunks">
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <li
            key={index}
            aria-setsize={rows.count}
            aria-posinset={index + 1}
            style={{ height: `${rowHeight}px`, transform: `translateY(${start}px)` }}
          >
            <ChunkRow
              run={run}
              place={index}
              chunk={rows.at(index)}
              isActive={index === activeRow}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where a key leads to; undefined where it is none of the list's. */
function target(key: string, from: number, rows: number): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ...{ ArrowUp: -1, ArrowDown: 1, PageUp: -8, PageDown: 8, Home: -rows, End: rows },
  };
  const step = steps[key];
  return step === undefined || rows === 0
    ? undefined
    : Math.max(0, Math.min(rows - 1, from + step));
}

import type { Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { gridSize, type ItemRegion, type ReportItem } from "../../src/report/report-data.ts";
import { fit } from "./card.tsx";
import { holds, wordsOf } from "./item-words.ts";
import { layerNames, shownLayers } from "./layers.ts";
import { Highlight, Overlay } from "./overlay.tsx";
import { nameOf, shortName } from "./report-store.ts";
import { hitsIn } from "./text-pane.tsx";
import { WordSheet } from "./word-sheet.tsx";

/** What the pointer or the keyboard is at, in the picture and beside it. */
export interface Lit {
  /** The place of a word; -1: none. */
  readonly word: Signal<number>;
  /** The place of a region; -1: none. */
  readonly region: Signal<number>;
}

const zooms = [1, 1.5, 2, 3, 4] as const;

/** The picture of an item, or its words where they stand, with its boxes. */
export function Stage({ item, lit }: { readonly item: ReportItem; readonly lit: Lit }): VNode {
  const room = useRef<HTMLDivElement>(null);
  const [space, setSpace] = useState({ width: 0, height: 0 });
  const [zoom, setZoom] = useState(0);
  useEffect(() => {
    const element = room.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSpace(entry.contentRect);
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, []);
  const fitted = fit(item, space.width, space.height);
  const scale = zooms[zoom] ?? 1;
  const size = { width: fitted.width * scale, height: fitted.height * scale };
  const source = item.preview ?? item.thumbnail;
  return (
    <div class="stage-room">
      <div class="stage-scroll" ref={room} tabIndex={0} role="group" aria-label="Picture">
        <div
          class="picture large"
          style={{ width: `${size.width}px`, height: `${size.height}px` }}
          onPointerMove={(event) => point(event, item, lit)}
          onPointerLeave={() => {
            lit.word.value = -1;
            lit.region.value = -1;
          }}
        >
          {source === undefined ? (
            <>
              <span class="blank" />
              <WordSheet item={item} />
            </>
          ) : (
            <img src={source} alt={`Picture of ${shortName(nameOf(item))}`} />
          )}
          <Overlay item={item} />
          <Lights item={item} lit={lit} />
        </div>
      </div>
      {source === undefined && (
        <p class="stage-note">
          The picture is not in this report{item.text !== undefined && ": words stand in its place"}
        </p>
      )}
      <div class="zoom" role="group" aria-label="Zoom">
        <button
          type="button"
          disabled={zoom === 0}
          onClick={() => setZoom(zoom - 1)}
          aria-label="Smaller"
        >
          −
        </button>
        <span>{Math.round(scale * 100)}%</span>
        <button
          type="button"
          disabled={zoom === zooms.length - 1}
          onClick={() => setZoom(zoom + 1)}
          aria-label="Larger"
        >
          +
        </button>
      </div>
    </div>
  );
}

/** What is lit, what was looked for, and the names of regions. */
function Lights({ item, lit }: { readonly item: ReportItem; readonly lit: Lit }): VNode {
  const words = item.text === undefined ? [] : wordsOf(item.text);
  const word = words[lit.word.value];
  const region = item.regions?.[lit.region.value];
  const hits = item.text === undefined ? [] : hitsIn(item.text);
  return (
    <>
      <Highlight kind="hit" corners={hits.map((place) => words[place]?.corners ?? [])} />
      <Highlight kind="lit" corners={[word?.corners ?? [], region?.corners ?? []]} />
      {region !== undefined && <Tag region={region} />}
    </>
  );
}

function Tag({ region }: { readonly region: ItemRegion }): VNode | null {
  const { corners, name, score, kind } = region;
  if (corners.length === 0) return null;
  const left = Math.min(...corners.filter((_, place) => place % 2 === 0));
  const top = Math.min(...corners.filter((_, place) => place % 2 === 1));
  const at = (value: number): string => `${Math.max(0, (100 * value) / gridSize)}%`;
  return (
    <span class="tag" dir="auto" style={{ left: at(left), top: at(top) }}>
      {name || layerNames[kind]}
      {score !== undefined && ` ${score}%`}
    </span>
  );
}

/** Lights what the pointer is over. */
function point(event: PointerEvent, item: ReportItem, lit: Lit): void {
  const { currentTarget } = event;
  if (!(currentTarget instanceof HTMLElement)) return;
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  const x = ((event.clientX - left) / width) * gridSize;
  const y = ((event.clientY - top) / height) * gridSize;
  const shown = shownLayers.value;
  const words = item.text === undefined || !shown.has("word") ? [] : wordsOf(item.text);
  lit.word.value = words.findIndex(({ corners }) => holds(corners, x, y));
  lit.region.value =
    item.regions?.findIndex(({ kind, corners }) => shown.has(kind) && holds(corners, x, y)) ?? -1;
}

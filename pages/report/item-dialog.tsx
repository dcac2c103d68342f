import { useSignal, type Signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { gridSize, type ItemRegion, type ReportItem } from "../../src/report/report-data.ts";
import { StatusBadge } from "../shared/status-badge.tsx";
import { fit } from "./card.tsx";
import { Findings } from "./findings.tsx";
import { holds, wordsOf } from "./item-words.ts";
import { layerNames, layers, shownLayers, toggleLayer } from "./layers.ts";
import { countBoxes, Highlight, Overlay } from "./overlay.tsx";
import { itemAt, nameOf, shortName } from "./report-store.ts";
import { hitsIn, TextPane } from "./text-pane.tsx";
import { active, matches, opened } from "./view-state.ts";
import { WordSheet } from "./word-sheet.tsx";

/** What the pointer or the keyboard is at, in the picture and beside it. */
export interface Lit {
  /** The place of a word; -1: none. */
  readonly word: Signal<number>;
  /** The place of a region; -1: none. */
  readonly region: Signal<number>;
}

/** The item that is looked at closely. */
export function ItemDialog(): VNode | null {
  const position = opened.value;
  if (position === undefined) return null;
  return <OpenDialog position={position} />;
}

function OpenDialog({ position }: { readonly position: number }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    dialog.current?.showModal();
    dialog.current?.focus();
  }, []);
  const place = matches.value[position];
  const item = place === undefined ? undefined : itemAt(place);
  return (
    <dialog
      ref={dialog}
      class="item"
      tabIndex={-1}
      aria-label={item === undefined ? "Image" : shortName(nameOf(item))}
      onClose={closeItem}
      onKeyDown={onKey}
    >
      <ItemHead item={item} position={position} />
      {item === undefined ? <p class="nothing">Reading…</p> : <ItemBody key={place} item={item} />}
    </dialog>
  );
}

function closeItem(): void {
  const position = opened.value;
  opened.value = undefined;
  if (position === undefined) return;
  requestAnimationFrame(() => {
    const card = document.querySelector(`[data-position="${position}"]`);
    if (card instanceof HTMLElement) card.focus();
  });
}

/** Goes to the item before or after. */
function step(by: number): void {
  const next = (opened.value ?? 0) + by;
  if (next < 0 || next >= matches.value.length) return;
  opened.value = next;
  active.value = next;
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "ArrowRight" || event.key === "j") step(1);
  else if (event.key === "ArrowLeft" || event.key === "k") step(-1);
  else return;
  event.preventDefault();
}

function ItemHead(props: {
  readonly item: ReportItem | undefined;
  readonly position: number;
}): VNode {
  const { item, position } = props;
  const count = matches.value.length;
  return (
    <div class="item-head">
      <div class="item-name">
        <h2 dir="auto">{item === undefined ? "…" : shortName(nameOf(item))}</h2>
        <span class="uri" title={item?.uri}>
          <bdi>{item === undefined ? "" : nameOf(item)}</bdi>
          {item?.page !== undefined && `, page ${item.page}`}
        </span>
      </div>
      {item !== undefined && <StatusBadge status={item.status} />}
      <span class="tools">
        <button
          type="button"
          disabled={position === 0}
          onClick={() => step(-1)}
          aria-label="Previous image"
        >
          ←
        </button>
        <span class="found">
          {(position + 1).toLocaleString("en")} / {count.toLocaleString("en")}
        </span>
        <button
          type="button"
          disabled={position >= count - 1}
          onClick={() => step(1)}
          aria-label="Next image"
        >
          →
        </button>
        <button
          type="button"
          aria-label="Close"
          onClick={({ currentTarget }) => currentTarget.closest("dialog")?.close()}
        >
          ✕
        </button>
      </span>
    </div>
  );
}

function ItemBody({ item }: { readonly item: ReportItem }): VNode {
  const lit: Lit = { word: useSignal(-1), region: useSignal(-1) };
  return (
    <div class="item-body">
      <section class="stage" aria-label="Image">
        <LayerBar item={item} />
        <Stage item={item} lit={lit} />
      </section>
      <section class="side" aria-label="What was found" tabIndex={0}>
        {item.error !== undefined && (
          <div class="error" role="note">
            <strong>{item.error.code}</strong>
            <p dir="auto">{item.error.message}</p>
          </div>
        )}
        {item.text !== undefined && <TextPane text={item.text} lit={lit.word} />}
        <Findings item={item} lit={lit.region} />
      </section>
    </div>
  );
}

function LayerBar({ item }: { readonly item: ReportItem }): VNode {
  const present = layers.filter((layer) => countBoxes(item, layer) > 0);
  return (
    <div class="layer-bar" role="group" aria-label="Boxes">
      {present.map((layer) => (
        <button
          key={layer}
          type="button"
          class={`chip ${layer}`}
          aria-pressed={shownLayers.value.has(layer)}
          onClick={() => toggleLayer(layer)}
        >
          <span class={`swatch ${layer}`} />
          {layerNames[layer]} <span class="count">{countBoxes(item, layer)}</span>
        </button>
      ))}
    </div>
  );
}

const zooms = [1, 1.5, 2, 3, 4] as const;

function Stage({ item, lit }: { readonly item: ReportItem; readonly lit: Lit }): VNode {
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

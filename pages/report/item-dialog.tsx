import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ReportItem } from "../../src/report/report-data.ts";
import { StatusBadge } from "../shared/status-badge.tsx";
import { Findings } from "./findings.tsx";
import { layerNames, layers, shownLayers, toggleLayer } from "./layers.ts";
import { countBoxes } from "./overlay.tsx";
import { itemAt, nameOf, shortName } from "./report-store.ts";
import { Stage, type Lit } from "./stage.tsx";
import { TextPane } from "./text-pane.tsx";
import { active, matches, opened } from "./view-state.ts";

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
  const { thumbnail, text, regions } = item;
  const isSeen = [thumbnail, text, regions].some((each) => each !== undefined);
  return (
    <div class="item-body">
      <section class={isSeen ? "stage" : "stage empty"} aria-label="Image">
        <LayerBar item={item} />
        {isSeen ? (
          <Stage item={item} lit={lit} />
        ) : (
          <p class="nothing">There is no picture, and nothing to draw in its place.</p>
        )}
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

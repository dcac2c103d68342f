import type { VNode } from "preact";
import { gridSize, type ReportItem } from "../../src/report/report-data.ts";
import { outline, wordOutlines, wordsOf } from "./item-words.ts";
import { layers, shownLayers, type Layer } from "./layers.ts";

const viewBox = `0 0 ${gridSize} ${gridSize}`;

/** The boxes of an item, a path for each layer. */
export function Overlay(props: {
  readonly item: ReportItem;
  /** Words of small pictures have no halo, which would hide them. */
  readonly isSmall?: boolean;
}): VNode {
  const { item, isSmall = false } = props;
  // It sets boxes off against what is pictured.
  const hasHalo = (layer: Layer): boolean =>
    item.thumbnail !== undefined && !(isSmall && layer === "word");
  const shown = shownLayers.value;
  return (
    <svg class="overlay" viewBox={viewBox} preserveAspectRatio="none" aria-hidden="true">
      {layers
        .filter((layer) => shown.has(layer))
        .map((layer) => [layer, outlinesOf(item, layer)] as const)
        .filter(([, path]) => path !== "")
        .map(([layer, path]) => (
          <g key={layer} class={`layer ${layer}`}>
            {hasHalo(layer) && <path class="halo" d={path} />}
            <path d={path} />
          </g>
        ))}
    </svg>
  );
}

/** What is lit over an item. */
export function Highlight({
  kind,
  corners,
}: {
  readonly kind: string;
  readonly corners: readonly (readonly number[])[];
}): VNode | null {
  const path = corners.map(outline).join("");
  if (path === "") return null;
  return (
    <svg class="overlay" viewBox={viewBox} preserveAspectRatio="none" aria-hidden="true">
      <path class={kind} d={path} />
    </svg>
  );
}

/** How many boxes an item has in a layer. */
export function countBoxes(item: ReportItem, layer: Layer): number {
  if (layer !== "word") return item.regions?.filter(({ kind }) => kind === layer).length ?? 0;
  return item.text === undefined
    ? 0
    : wordsOf(item.text).filter(({ corners }) => corners.length > 0).length;
}

const drawn = new WeakMap<ReportItem, Map<Layer, string>>();

/** Made once for each item: a list is drawn again and again while it is scrolled. */
function outlinesOf(item: ReportItem, layer: Layer): string {
  const known = drawn.get(item) ?? new Map<Layer, string>();
  drawn.set(item, known);
  const path = known.get(layer) ?? makeOutlines(item, layer);
  known.set(layer, path);
  return path;
}

function makeOutlines({ text, regions = [] }: ReportItem, layer: Layer): string {
  if (layer === "word") return text === undefined ? "" : wordOutlines(text);
  const parts = regions.filter(({ kind }) => kind === layer);
  return parts.map(({ corners }) => outline(corners)).join("");
}

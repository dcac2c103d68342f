import type { VNode } from "preact";
import { gridSize, type ReportItem } from "../../src/report/report-data.ts";
import { outline, wordsOf } from "./item-words.ts";
import { layers, shownLayers, type Layer } from "./layers.ts";

const viewBox = `0 0 ${gridSize} ${gridSize}`;

/** The boxes of an item, a path for each layer. */
export function Overlay({ item }: { readonly item: ReportItem }): VNode {
  const shown = shownLayers.value;
  return (
    <svg class="overlay" viewBox={viewBox} preserveAspectRatio="none" aria-hidden="true">
      {layers
        .filter((layer) => shown.has(layer))
        .map((layer) => [layer, outlinesOf(item, layer)] as const)
        .filter(([, path]) => path !== "")
        .map(([layer, path]) => (
          <g key={layer} class={`layer ${layer}`}>
            <path class="halo" d={path} />
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

function outlinesOf(item: ReportItem, layer: Layer): string {
  const parts =
    layer === "word"
      ? item.text === undefined
        ? []
        : wordsOf(item.text)
      : (item.regions ?? []).filter(({ kind }) => kind === layer);
  return parts.map(({ corners }) => outline(corners)).join("");
}

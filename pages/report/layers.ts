import { signal } from "@preact/signals";
import { regionKinds, type RegionKind } from "../../src/report/report-data.ts";
import { toggled } from "./view-state.ts";

/** What may be drawn over an image. */
export type Layer = "word" | RegionKind;

/** Every layer, in the order of their keys. */
export const layers: readonly Layer[] = ["word", ...regionKinds];

/** The names of layers as they are shown. */
export const layerNames: Readonly<Record<Layer, string>> = {
  word: "Words",
  face: "Faces",
  object: "Objects",
  logo: "Logos",
  landmark: "Landmarks",
  crop_hint: "Crop hints",
  product: "Products",
};

/** The layers that are drawn. */
export const shownLayers = signal<ReadonlySet<Layer>>(new Set(layers));

/** Draws a layer, or does not any more. */
export function toggleLayer(layer: Layer): void {
  shownLayers.value = toggled(shownLayers.value, layer);
}

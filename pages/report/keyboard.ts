import { hearKeys } from "../shared/hear-keys.ts";
import { layers, toggleLayer } from "./layers.ts";
import { opened, view } from "./view-state.ts";

/** Hears the keys that hold everywhere but where one types. */
export function listenToKeys(): void {
  hearKeys((key) => {
    const layer = /^[1-9]$/.test(key) ? layers[Number(key) - 1] : undefined;
    if (layer !== undefined) toggleLayer(layer);
    else if (opened.value !== undefined) return false;
    else if (key === "/") document.getElementById("search")?.focus();
    else if (key === "s") view.value = view.value === "images" ? "summary" : "images";
    else return false;
    return true;
  });
}

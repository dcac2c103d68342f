import { layers, toggleLayer } from "./layers.ts";
import { nextTheme } from "./theme.ts";
import { helpShown, opened, view } from "./view-state.ts";

/** Hears the keys that hold everywhere but where one types. */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target, key } = event;
    const isTyping = target instanceof HTMLInputElement && target.type === "search";
    if (isTyping || helpShown.value) return;
    const layer = /^[1-9]$/.test(key) ? layers[Number(key) - 1] : undefined;
    if (layer !== undefined) toggleLayer(layer);
    else if (key === "t") nextTheme();
    else if (key === "?") helpShown.value = true;
    else if (opened.value !== undefined) return;
    else if (key === "/") document.getElementById("search")?.focus();
    else if (key === "s") view.value = view.value === "images" ? "summary" : "images";
    else return;
    event.preventDefault();
  });
}

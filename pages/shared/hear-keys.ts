import { helpShown } from "./key-help.tsx";
import { nextTheme } from "./theme.ts";

const typed = ["search", "number"];

/** Hears keys where nobody types: `t` and `?` for every page, and those that `onKey` says it took. */
export function hearKeys(onKey: (key: string) => boolean): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target, key } = event;
    const isTyping = target instanceof HTMLInputElement && typed.includes(target.type);
    if (isTyping || helpShown.value) return;
    if (key === "t") nextTheme();
    else if (key === "?") helpShown.value = true;
    else if (!onKey(key)) return;
    event.preventDefault();
  });
}

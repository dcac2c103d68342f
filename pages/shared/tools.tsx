import type { VNode } from "preact";
import { helpShown } from "./key-help.tsx";
import { nextTheme, theme } from "./theme.ts";

/** Changes the colors of the page. */
export function ThemeButton(): VNode {
  return (
    <button type="button" onClick={nextTheme} aria-label={`Colors: ${theme.value}`}>
      {theme.value === "dark" ? "☾" : theme.value === "light" ? "☀" : "◐"}
    </button>
  );
}

/** Explains the keys. */
export function HelpButton(): VNode {
  return (
    <button type="button" onClick={() => (helpShown.value = true)} aria-label="Keys">
      ?
    </button>
  );
}

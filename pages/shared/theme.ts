import { effect, signal } from "@preact/signals";

/** The colors of the page: those of the system, or the ones chosen. */
export type Theme = "system" | "light" | "dark";

const key = "vision-batch-theme";
const order: readonly Theme[] = ["system", "light", "dark"];

/** The colors chosen. */
export const theme = signal<Theme>(stored());

/** Goes on to the next colors. */
export function nextTheme(): void {
  theme.value = order[(order.indexOf(theme.value) + 1) % order.length] ?? "system";
}

/** Keeps the page in the colors chosen. */
export function followTheme(): void {
  effect(() => {
    document.documentElement.dataset["theme"] = theme.value;
    try {
      localStorage.setItem(key, theme.value);
    } catch {
      // A page from a disk may have no storage: the choice lasts as long as the page.
    }
  });
}

function stored(): Theme {
  try {
    const value = localStorage.getItem(key);
    return order.find((each) => each === value) ?? "system";
  } catch {
    return "system";
  }
}

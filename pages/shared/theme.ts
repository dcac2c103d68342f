import { computed, effect, signal } from "@preact/signals";

/** The colors of the page: those of the system, or the ones chosen. */
export type Theme = "system" | "light" | "dark";

const key = "vision-batch-theme";
const order: readonly Theme[] = ["system", "light", "dark"];
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isSystemDark = signal(systemDark.matches);

/** The colors chosen. */
export const theme = signal<Theme>(stored());

/** The colors that are shown. */
export const shade = computed<"light" | "dark">(() => {
  if (theme.value !== "system") return theme.value;
  return isSystemDark.value ? "dark" : "light";
});

/** Goes on to the next colors. */
export function nextTheme(): void {
  theme.value = order[(order.indexOf(theme.value) + 1) % order.length] ?? "system";
}

/** Keeps the page in the colors chosen, and the choice for the next time. */
export function followTheme(): void {
  systemDark.addEventListener("change", ({ matches }) => (isSystemDark.value = matches));
  effect(() => {
    document.documentElement.dataset["shade"] = shade.value;
  });
  effect(() => {
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

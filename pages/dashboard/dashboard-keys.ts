import { hearKeys } from "../shared/hear-keys.ts";
import type { KeyHelp } from "../shared/key-help.tsx";
import { goUp, runsLink, workersLink } from "./route.ts";

/** The keys that the page knows. */
export const dashboardKeys: KeyHelp = [
  ["r", "all runs"],
  ["w", "workers"],
  ["u", "from a chunk to its run, from a run to all"],
  ["/", "go to a chunk by its number"],
  ["arrows, Page Up/Down, Home, End", "go through the chunks of a run"],
  ["Enter", "look at a run or a chunk closely"],
  ["j k", "the next or previous chunk while one is looked at"],
  ["t", "light, dark, or as the system"],
  ["Esc", "close what asks"],
];

/** Hears the keys that hold everywhere but where one types. */
export function listenToKeys(): void {
  hearKeys((key) => {
    if (document.querySelector("dialog[open]") !== null) return false;
    if (key === "r") location.hash = runsLink;
    else if (key === "w") location.hash = workersLink;
    else if (key === "u") goUp();
    else if (key === "/") document.getElementById("search")?.focus();
    else if (key === "j") document.querySelector<HTMLElement>('a[rel="next"][href]')?.click();
    else if (key === "k") document.querySelector<HTMLElement>('a[rel="prev"][href]')?.click();
    else return false;
    return true;
  });
}

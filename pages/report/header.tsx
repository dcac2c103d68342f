import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { HelpButton, ThemeButton } from "../shared/tools.tsx";
import { indexed, summary } from "./report-store.ts";
import { search, searchFor } from "./text-search.ts";
import { active, filtersShown, matches, view } from "./view-state.ts";

const typingPauseMs = 120;

/** The title, the search, and what is seen below. */
export function Header(): VNode {
  return (
    <header class="top">
      <h1 dir="auto" title={summary.sources.join("\n")}>
        {summary.title}
      </h1>
      <nav aria-label="Views">
        <Tab name="images" label="Images" />
        <Tab name="summary" label="Summary" />
      </nav>
      <SearchBox />
      <span class="found" role="status">
        {countText()}
      </span>
      <span class="tools">
        <button
          type="button"
          class="only-narrow"
          aria-expanded={filtersShown.value}
          onClick={() => (filtersShown.value = !filtersShown.value)}
        >
          Filters
        </button>
        <ThemeButton />
        <HelpButton />
      </span>
    </header>
  );
}

function Tab(props: { readonly name: "images" | "summary"; readonly label: string }): VNode {
  const { name, label } = props;
  return (
    <button
      type="button"
      aria-current={view.value === name ? "page" : undefined}
      onClick={() => (view.value = name)}
    >
      {label}
    </button>
  );
}

function SearchBox(): VNode {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      id="search"
      type="search"
      placeholder="Search text, labels, names"
      aria-label="Search text, labels and names"
      autocomplete="off"
      spellcheck={false}
      dir="auto"
      onInput={({ currentTarget }) => {
        clearTimeout(timer.current);
        const { value } = currentTarget;
        timer.current = setTimeout(() => {
          active.value = 0;
          view.value = "images";
          void searchFor(value);
        }, typingPauseMs);
      }}
    />
  );
}

function countText(): string {
  const shown = matches.value.length.toLocaleString("en");
  const all = summary.items.toLocaleString("en");
  const found = search.value;
  if (found !== undefined && found.done < summary.items) {
    return `${shown} found, ${Math.floor((100 * found.done) / summary.items)}% searched`;
  }
  if (indexed.value < summary.items) return `reading ${all}`;
  return matches.value.length === summary.items ? `all ${all}` : `${shown} of ${all}`;
}

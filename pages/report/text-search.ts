import { signal } from "@preact/signals";
import { itemsPerChunk, type TextChunk } from "../../src/report/report-data.ts";
import { loadChunk } from "./chunk-loader.ts";
import { index, summary, tellFailure } from "./report-store.ts";

/** How long a search works before the page may draw, in milliseconds. */
const turnMs = 8;

/** What was found; undefined while nothing is looked for. */
export interface SearchState {
  readonly terms: readonly string[];
  /** 1 for each item that has all terms. */
  readonly hits: Uint8Array;
  /** Items that were looked at. */
  readonly done: number;
}

/** The search under way, or the last one. */
export const search = signal<SearchState | undefined>(undefined);

const texts: (readonly string[] | undefined)[] = [];
let current = 0;

/** Text as it is compared: without case, marks and forms of width. */
export function fold(text: string): string {
  const lower = text.normalize("NFKD").toLowerCase();
  return lower.replace(/[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/g, "");
}

/** The terms of a query: words, and phrases in quotes. */
export function termsOf(query: string): readonly string[] {
  const parts = query.matchAll(/"([^"]+)"|(\S+)/g);
  return Array.from(parts, ([, phrase, word]) => fold(phrase ?? word ?? "").trim()).filter(
    (term) => term !== "",
  );
}

/** Looks for a query in the names and all text; a newer search ends it. */
export async function searchFor(query: string): Promise<void> {
  const own = ++current;
  const terms = termsOf(query);
  if (terms.length === 0) {
    search.value = undefined;
    return;
  }
  const hits = new Uint8Array(summary.items);
  search.value = { terms, hits, done: 0 };
  const step = itemsPerChunk.text;
  let turnEnds = performance.now() + turnMs;
  for (let start = 0; start < summary.items; start += step) {
    const chunk = await readTexts(start / step);
    if (own !== current) return;
    for (let i = 0; i < chunk.length; i++) {
      const place = start + i;
      const text = chunk[i] ?? "";
      const name = fold(index.uris[place] ?? "");
      if (terms.every((term) => text.includes(term) || name.includes(term))) hits[place] = 1;
      if (performance.now() < turnEnds) continue;
      search.value = { terms, hits, done: place };
      await nextTurn();
      if (own !== current) return;
      turnEnds = performance.now() + turnMs;
    }
  }
  search.value = { terms, hits, done: summary.items };
}

/** Folded once, a little at a time. */
async function readTexts(number: number): Promise<readonly string[]> {
  const known = texts[number];
  if (known !== undefined) return known;
  try {
    const chunk = await loadChunk<TextChunk>("text", number);
    const folded: string[] = [];
    let turnEnds = performance.now() + turnMs;
    for (const text of chunk) {
      folded.push(fold(text));
      if (performance.now() < turnEnds) continue;
      await nextTurn();
      turnEnds = performance.now() + turnMs;
    }
    return (texts[number] = folded);
  } catch (error) {
    tellFailure(error);
    return [];
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

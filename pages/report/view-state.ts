import { computed, signal } from "@preact/signals";
import { itemFeatures, type ItemFeature } from "../../src/report/report-data.ts";
import { index, indexed } from "./report-store.ts";
import { search } from "./text-search.ts";

/** What is seen beside the header. */
export const view = signal<"images" | "summary">("images");
/** The item that is looked at closely: its place among those that match. */
export const opened = signal<number | undefined>(undefined);
/** The card that the keyboard is at: its place among those that match. */
export const active = signal(0);
/** Whether the filters are shown where there is no room beside the list. */
export const filtersShown = signal(false);

/** Statuses that are shown, by their place; empty: all. */
export const statusFilter = signal<ReadonlySet<number>>(new Set());
/** What shown items have, all of it; empty: anything. */
export const featureFilter = signal<ReadonlySet<ItemFeature>>(new Set());
/** The least score in percent; 0: any, and none. */
export const scoreFilter = signal(0);

/** Whether anything is filtered, beside what is searched. */
export const isFiltered = computed(
  () => statusFilter.value.size > 0 || featureFilter.value.size > 0 || scoreFilter.value > 0,
);

/** The places of the items that are shown, in their order. */
export const matches = computed<Uint32Array>(() => {
  const end = indexed.value;
  const statuses = statusFilter.value;
  const least = scoreFilter.value;
  const hits = search.value?.hits;
  const wanted = [...featureFilter.value].map((feature) => 1 << itemFeatures.indexOf(feature));
  const bits = wanted.reduce((all, bit) => all | bit, 0);
  const found = new Uint32Array(end);
  let count = 0;
  for (let place = 0; place < end; place++) {
    if (hits !== undefined && hits[place] !== 1) continue;
    if (statuses.size > 0 && !statuses.has(index.statuses[place] ?? 0)) continue;
    if (((index.features[place] ?? 0) & bits) !== bits) continue;
    if (least > 0 && (index.scores[place] ?? -1) < least) continue;
    found[count++] = place;
  }
  return found.subarray(0, count);
});

/** Shows all items again, or all that were found. */
export function clearFilters(): void {
  statusFilter.value = new Set();
  featureFilter.value = new Set();
  scoreFilter.value = 0;
}

/** The same set with a value more or less. */
export function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

import { signal, type Signal } from "@preact/signals";
import {
  itemsPerChunk,
  type IndexChunk,
  type ReportItem,
  type ReportSummary,
} from "../../src/report/report-data.ts";
import { embedded, loadChunk } from "./chunk-loader.ts";

/** Chunks of items that are kept: what was seen last. */
const chunksKept = 80;

/** The summary, which stands in the page itself. */
export const summary = JSON.parse(embedded("summary") ?? "{}") as ReportSummary;

/** The columns of all items, as far as they were read; see {@link IndexChunk}. */
export const index = {
  uris: new Array<string>(summary.items).fill(""),
  pages: new Uint32Array(summary.items),
  statuses: new Uint8Array(summary.items),
  features: new Uint32Array(summary.items),
  scores: new Int8Array(summary.items),
};

/** The items whose columns were read. */
export const indexed = signal(0);
/** What could not be read of the report. */
export const failure = signal<string | undefined>(undefined);

/** A chunk of items; undefined until it has come. */
type ItemChunk = Signal<readonly ReportItem[] | undefined>;

/** The last ones asked for stand last. */
const chunks = new Map<number, ItemChunk>();

/** Reads the columns of all items, chunk after chunk. */
export async function readIndex(): Promise<void> {
  const step = itemsPerChunk.index;
  for (let place = 0; place * step < summary.items; place++) {
    const chunk = await loadChunk<IndexChunk>("index", place);
    const start = place * step;
    chunk.uris.forEach((uri, i) => (index.uris[start + i] = uri));
    index.pages.set(chunk.pages, start);
    index.statuses.set(chunk.statuses, start);
    index.features.set(chunk.features, start);
    index.scores.set(chunk.scores, start);
    indexed.value = start + chunk.uris.length;
  }
}

/** An item; undefined until it has come, of which who asks in drawing is told. */
export function itemAt(place: number): ReportItem | undefined {
  const number = Math.floor(place / itemsPerChunk.items);
  const chunk = chunks.get(number) ?? signal(undefined);
  if (!chunks.has(number)) void readItems(number, chunk);
  chunks.delete(number);
  chunks.set(number, chunk);
  return chunk.value?.[place % itemsPerChunk.items];
}

async function readItems(number: number, chunk: ItemChunk): Promise<void> {
  try {
    chunk.value = await loadChunk<readonly ReportItem[]>("items", number);
  } catch (error) {
    tellFailure(error);
  }
  for (const [oldest, { value }] of chunks) {
    if (chunks.size <= chunksKept) break;
    if (value !== undefined) chunks.delete(oldest);
  }
}

/** Shows why something could not be read. */
export function tellFailure(error: unknown): void {
  failure.value = error instanceof Error ? error.message : String(error);
}

/** The last part of a URI, which is what people know a file by. */
export function shortName(uri: string): string {
  const path = uri.replace(/\/+$/, "");
  return path.slice(path.lastIndexOf("/") + 1) || uri || "an input without a URI";
}

/** What an item is known by: its user's name for it, else its URI. */
export function nameOf({ name, uri }: ReportItem): string {
  return name ?? uri;
}

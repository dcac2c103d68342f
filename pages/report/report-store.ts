import { signal } from "@preact/signals";
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
/** Grows when items come. */
export const arrivals = signal(0);

const chunks = new Map<number, readonly ReportItem[] | "coming">();

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

/** An item; undefined until it has come, which `arrivals` tells. */
export function itemAt(place: number): ReportItem | undefined {
  const number = Math.floor(place / itemsPerChunk.items);
  const chunk = chunks.get(number);
  if (chunk === undefined) void readItems(number);
  if (chunk === undefined || chunk === "coming") return undefined;
  // The last ones seen stand last.
  chunks.delete(number);
  chunks.set(number, chunk);
  return chunk[place % itemsPerChunk.items];
}

async function readItems(number: number): Promise<void> {
  chunks.set(number, "coming");
  try {
    chunks.set(number, await loadChunk<readonly ReportItem[]>("items", number));
  } catch (error) {
    tellFailure(error);
  }
  for (const oldest of chunks.keys()) {
    if (chunks.size <= chunksKept) break;
    if (chunks.get(oldest) !== "coming") chunks.delete(oldest);
  }
  arrivals.value++;
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

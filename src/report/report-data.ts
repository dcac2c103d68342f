// The page is made of it too: it imports nothing.

/** What became of an input, as records tell it. */
export type ItemStatus = "succeeded" | "partial" | "failed" | "missing" | "notSubmitted";

/** How many items a chunk of each kind holds: what is seen, what is listed, what is searched. */
export const itemsPerChunk = { items: 20, index: 1000, text: 200 } as const;

/** A kind of chunk. */
export type ChunkKind = keyof typeof itemsPerChunk;

/** What coordinates count up to: the width, or the height, of the image. */
export const gridSize = 10_000;

/** What boxes are drawn of, beside words. */
export const regionKinds = ["face", "object", "logo", "landmark", "crop_hint", "product"] as const;

/** A kind of region. */
export type RegionKind = (typeof regionKinds)[number];

/** What a record can have, in the order of the bits of {@link IndexChunk.features}. */
export const itemFeatures = [
  "text",
  ...regionKinds,
  "label",
  "safe_search",
  "color",
  "web",
  "error",
] as const;

/** Something that a record can have. */
export type ItemFeature = (typeof itemFeatures)[number];

/** The name of a chunk: its kind and its place from 0. */
export function chunkName(kind: ChunkKind, place: number): string {
  return `${kind}-${place}`;
}

/** The bits of features. */
export function featureBits(features: Iterable<ItemFeature>): number {
  let bits = 0;
  for (const feature of features) bits |= 1 << itemFeatures.indexOf(feature);
  return bits;
}

/** What the list and the filters need of items: a value an item in each column. */
export interface IndexChunk {
  readonly uris: readonly string[];
  /** From 1; 0: an image, or a document as a whole. */
  readonly pages: readonly number[];
  /** Places in {@link ReportSummary.statuses}. */
  readonly statuses: readonly number[];
  readonly features: readonly number[];
  /** The highest score or confidence in percent; -1: none. */
  readonly scores: readonly number[];
}

/** The text of items, for searching; in the order of their places. */
export type TextChunk = readonly string[];

/** What is shown of an image or page. */
export interface ReportItem {
  /** Its place in the report, from 0. */
  readonly place: number;
  readonly uri: string;
  /** What the user named the input. */
  readonly name?: string;
  readonly page?: number;
  readonly status: ItemStatus;
  /** In pixels or points; both 0 where nothing tells it. */
  readonly width: number;
  readonly height: number;
  /** The picture for the list: a path beside the page, or a data URI. */
  readonly thumbnail?: string;
  /** The picture to look at closely. */
  readonly preview?: string;
  readonly text?: ItemText;
  readonly regions?: readonly ItemRegion[];
  readonly labels?: readonly ScoredName[];
  readonly web?: readonly ScoredName[];
  readonly colors?: readonly ItemColor[];
  /** Likelihoods by what they are of, e.g. `adult: "VERY_UNLIKELY"`. */
  readonly safeSearch?: readonly (readonly [name: string, likelihood: string])[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** The text of an item and where its words stand. */
export interface ItemText {
  readonly text: string;
  /**
   * Words one after the other: how far after the last one it starts, its length, its confidence in percent
   * (-1: unknown), how many coordinates follow (0, 4 or 8), and these: left, top, right, bottom, or the x
   * and y of four corners.
   */
  readonly words: readonly number[];
  /** A letter a line: how it runs (`l`, `r`, or `t` for downwards). */
  readonly lines: string;
  readonly languages: readonly string[];
  /** In percent. */
  readonly confidence?: number;
}

/** A part of an image that something was found in. */
export interface ItemRegion {
  readonly kind: RegionKind;
  readonly name: string;
  /** In percent. */
  readonly score?: number;
  /** x and y of each corner. */
  readonly corners: readonly number[];
}

/** Something that was found, with its score in percent where it has one. */
export interface ScoredName {
  readonly name: string;
  readonly score?: number;
  /** What it is, where one list holds several sorts. */
  readonly sort?: string;
}

/** A dominant color. */
export interface ItemColor {
  /** `#rrggbb`. */
  readonly color: string;
  /** In percent. */
  readonly score?: number;
  /** The part of the image that has it, in percent. */
  readonly fraction?: number;
}

/** What is known of a report as a whole. */
export interface ReportSummary {
  /** The title of the page. */
  readonly title: string;
  /** When it was made, RFC 3339. */
  readonly createdAt: string;
  /** Images and pages. */
  readonly items: number;
  /** The sources that the report is of. */
  readonly sources: readonly string[];
  /** Every status there is. */
  readonly statuses: readonly ItemStatus[];
  /** Items by status, in the order of `statuses`. */
  readonly statusCounts: readonly number[];
  /** Items that have something, by what they have: text, faces, objects, logos, landmarks, crop hints, products, labels, safe search, colors, web, an error. */
  readonly featureCounts: readonly number[];
  /** Pages of text by language, the most frequent first. */
  readonly languages: readonly (readonly [language: string, pages: number])[];
  /** Labels by the number of items that have them, the most frequent first. */
  readonly labels: readonly (readonly [label: string, items: number])[];
  /** Errors by code, the most frequent first. */
  readonly errors: readonly (readonly [code: string, items: number])[];
  /** What was found by its score, in ten steps from 0 to 100 percent. */
  readonly scores: Readonly<Record<"labels" | "words" | "regions", readonly number[]>>;
  /** Words that were read. */
  readonly words: number;
  /** Items with a picture. */
  readonly pictures: number;
  /** Of the run whose results they are; absent where they are of no run. */
  readonly run?: RunFacts;
}

/** What a run tells beside its records. */
export interface RunFacts {
  /** The id of the run. */
  readonly id: string;
  /** The state of the run, e.g. `done`. */
  readonly state: string;
  /** When the run was made, in milliseconds since 1970. */
  readonly startedMs: number;
  /** Inputs that had no result yet. */
  readonly open: number;
  /** When requests ended and how many inputs each had, in the order of time. */
  readonly ended: readonly (readonly [atMs: number, inputs: number])[];
  /** How long operations took, from the submit to their end, in milliseconds. */
  readonly latenciesMs: readonly number[];
  /** What was billed at a table of prices; absent where it is not known. */
  readonly cost?: CostFacts;
}

/** What a run cost. */
export interface CostFacts {
  /** ISO 4217. */
  readonly currency: string;
  /** What is known of it. */
  readonly amount: number;
  /** Images and pages that were billed. */
  readonly units: number;
  /** Features whose price is not known. */
  readonly unpriced: readonly string[];
  /** The parts of `amount`. */
  readonly byFeature: readonly (readonly [feature: string, amount: number])[];
  /** Where the prices stand. */
  readonly prices: string;
}

import type { PageSize } from "../results/document/index.ts";
import type { FlatAnnotation } from "../results/export/flat-annotation.ts";
import { toGrid } from "./frame.ts";
import { toPercent } from "./percent.ts";
import {
  regionKinds,
  type ItemColor,
  type ItemRegion,
  type RegionKind,
  type ReportItem,
  type ScoredName,
} from "./report-data.ts";

/** What an item shows beside its text. */
export type ItemFindings = Pick<
  ReportItem,
  "regions" | "labels" | "web" | "colors" | "safeSearch" | "error"
>;

/** Findings, of which what is empty is left out. */
export function itemFindings(rows: readonly FlatAnnotation[], frame: PageSize): ItemFindings {
  const error = rows.find(({ kind }) => kind === "error");
  const safeSearch = rows
    .filter(({ kind }) => kind === "safe_search")
    .map(({ id = "", description = "UNKNOWN" }) => [id, description] as const);
  return {
    ...unlessEmpty("regions", regionsOf(rows, frame)),
    ...unlessEmpty("labels", rows.filter(({ kind }) => kind === "label").map(toScoredName)),
    ...unlessEmpty("web", rows.filter(isWeb).map(toWebName)),
    ...unlessEmpty("colors", rows.filter(({ kind }) => kind === "color").map(toColor)),
    ...unlessEmpty("safeSearch", safeSearch),
    ...(error === undefined
      ? {}
      : { error: { code: error.id ?? "UNKNOWN", message: error.description ?? "" } }),
  };
}

function unlessEmpty<K extends string, T>(
  name: K,
  list: readonly T[],
): { readonly [P in K]?: readonly T[] } {
  return list.length === 0 ? {} : ({ [name]: list } as { readonly [P in K]?: readonly T[] });
}

function regionsOf(rows: readonly FlatAnnotation[], frame: PageSize): ItemRegion[] {
  return rows.flatMap((row) => {
    const { kind, description, score, confidence, polygon, details } = row;
    if (!isRegionKind(kind)) return [];
    const percent = toPercent(score ?? confidence);
    const name = kind === "face" ? describeFace(details) : (description ?? "");
    return {
      ...{ kind, name, corners: (polygon && toGrid(polygon, frame)) ?? [] },
      ...(percent === undefined ? {} : { score: percent }),
    };
  });
}

function isRegionKind(kind: string): kind is RegionKind {
  return (regionKinds as readonly string[]).includes(kind);
}

const shownLikelihoods: readonly unknown[] = ["POSSIBLE", "LIKELY", "VERY_LIKELY"];

/** What a face shows, as far as it is at least possible: `joy, headwear`. */
function describeFace(details: object = {}): string {
  return Object.entries(details)
    .filter(([name, value]) => name.endsWith("Likelihood") && shownLikelihoods.includes(value))
    .map(([name]) => name.replace(/Likelihood$/, ""))
    .join(", ");
}

function toScoredName({ description = "", score, confidence }: FlatAnnotation): ScoredName {
  const percent = toPercent(score ?? confidence);
  return { name: description, ...(percent === undefined ? {} : { score: percent }) };
}

const webSorts: Readonly<Record<string, string>> = {
  web_entity: "entity",
  web_label: "best guess",
  web_page: "page",
  web_image: "image",
};

function isWeb({ kind, description = "" }: FlatAnnotation): boolean {
  return kind in webSorts && description !== "";
}

/** Scores of web entities have no upper limit, so that they are no percentages. */
function toWebName({ kind, description = "" }: FlatAnnotation): ScoredName {
  return { name: description, sort: webSorts[kind] ?? kind };
}

function toColor({ description = "", score, details = {} }: FlatAnnotation): ItemColor {
  const { pixelFraction } = details as { readonly pixelFraction?: number };
  const percent = toPercent(score);
  const fraction = toPercent(pixelFraction);
  return {
    color: description,
    ...(percent === undefined ? {} : { score: percent }),
    ...(fraction === undefined ? {} : { fraction }),
  };
}

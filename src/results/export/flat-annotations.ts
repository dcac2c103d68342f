import type { ApiVersion } from "../../protocol/api-version.ts";
import type { PageSize } from "../document/index.ts";
import type { ResultRecord } from "../result-record.ts";
import { readPolygon, type BoundingPolyJson, type Polygon } from "./annotation-box.ts";
import {
  detailsOf,
  floatOf,
  sizeOfPage,
  type FlatAnnotation,
  type FlatResponse,
} from "./flat-annotation.ts";
import { recordError } from "./record-error.ts";
import { textRows } from "./flat-text.ts";
import { webRows } from "./flat-web.ts";

/**
 * The annotations of a record in a fixed order of their kinds, and the error last. A record that has
 * neither has one row of the kind `none`, so that every record is there.
 */
export function flatAnnotations(
  record: ResultRecord<ApiVersion>,
  size: PageSize | undefined,
): readonly FlatAnnotation[] {
  const rows = "response" in record ? responseRows(record.response, size) : [];
  const error = recordError(record);
  if (error !== undefined) {
    const { code, name, message, details } = error;
    rows.push({ kind: "error", id: code ?? name, description: message, ...detailsOf({ details }) });
  }
  return rows.length === 0 ? [{ kind: "none" }] : rows;
}

function responseRows(response: FlatResponse, size: PageSize | undefined): FlatAnnotation[] {
  return [
    ...[...entityRows(response, size), ...webRows(response), ...safeSearchRows(response)],
    ...[...colorRows(response), ...regionRows(response, size), ...textRows(response, size)],
  ];
}

/** The size of the image or page that a record's response tells. */
export function responseSize(record: ResultRecord<ApiVersion>): PageSize | undefined {
  if (!("response" in record)) return undefined;
  const [page] = (record.response as FlatResponse).fullTextAnnotation?.pages ?? [];
  return sizeOfPage(page);
}

function polygonOf(
  poly: unknown,
  size: PageSize | undefined,
): { readonly polygon?: Polygon | undefined } {
  return { polygon: readPolygon(poly as BoundingPolyJson | undefined, size) };
}

function entityRows(response: FlatResponse, size: PageSize | undefined): FlatAnnotation[] {
  const entities = [
    ["label", response.labelAnnotations],
    ["landmark", response.landmarkAnnotations],
    ["logo", response.logoAnnotations],
  ] as const;
  const rows = entities.flatMap(([kind, annotations = []]) =>
    annotations.map(
      ({ mid, description, locale, score, confidence, boundingPoly, ...rest }): FlatAnnotation => ({
        ...{ kind, id: mid, description, locale },
        ...{ score: floatOf(score), confidence: floatOf(confidence) },
        ...polygonOf(boundingPoly, size),
        ...detailsOf(rest),
      }),
    ),
  );
  for (const object of response.localizedObjectAnnotations ?? []) {
    const { mid, name, languageCode, score, boundingPoly, ...rest } = object;
    rows.push({
      ...{ kind: "object", id: mid, description: name, locale: languageCode },
      ...{ score: floatOf(score), ...polygonOf(boundingPoly, size), ...detailsOf(rest) },
    });
  }
  return rows;
}

function safeSearchRows({ safeSearchAnnotation }: FlatResponse): FlatAnnotation[] {
  return Object.entries(safeSearchAnnotation ?? {}).map(([id, likelihood]) => {
    const known = typeof likelihood === "string";
    return {
      ...{ kind: "safe_search", id },
      ...(known ? { description: likelihood } : { details: { [id]: likelihood } }),
    };
  });
}

function colorRows({ imagePropertiesAnnotation }: FlatResponse): FlatAnnotation[] {
  return (imagePropertiesAnnotation?.dominantColors?.colors ?? []).map(
    ({ color, score, ...rest }) => {
      const { red = 0, green = 0, blue = 0 } = color ?? {};
      const hex = [red, green, blue].map((part) => hexByte(part)).join("");
      const description = `#${hex}`;
      return {
        kind: "color",
        description,
        score: floatOf(score),
        ...detailsOf({ color, ...rest }),
      };
    },
  );
}

function hexByte(value: number | string): string {
  const byte = Math.min(255, Math.max(0, Math.round(Number(value)) || 0));
  return byte.toString(16).padStart(2, "0");
}

function regionRows(response: FlatResponse, size: PageSize | undefined): FlatAnnotation[] {
  const faces = (response.faceAnnotations ?? []).map(
    ({ boundingPoly, detectionConfidence, ...rest }): FlatAnnotation => ({
      ...{ kind: "face", confidence: floatOf(detectionConfidence) },
      ...{ ...polygonOf(boundingPoly, size), ...detailsOf(rest) },
    }),
  );
  const hints = (response.cropHintsAnnotation?.cropHints ?? []).map(
    ({ boundingPoly, confidence, ...rest }): FlatAnnotation => ({
      ...{ kind: "crop_hint", confidence: floatOf(confidence) },
      ...{ ...polygonOf(boundingPoly, size), ...detailsOf(rest) },
    }),
  );
  return [...faces, ...hints, ...productRows(response, size)];
}

/** Groups tell the regions of the same products, so that where there are any they stand for all. */
function productRows(
  { productSearchResults }: FlatResponse,
  size: PageSize | undefined,
): FlatAnnotation[] {
  const { results = [], productGroupedResults = [] } = productSearchResults ?? {};
  const groups = productGroupedResults.length === 0 ? [{ results }] : productGroupedResults;
  return groups.flatMap(({ results: found = [], ...group }) => {
    const { boundingPoly, ...region } = group as { readonly boundingPoly?: BoundingPolyJson };
    const polygon = readPolygon(boundingPoly, size);
    return found.map(({ product, score, ...rest }): FlatAnnotation => {
      const { name, displayName, ...more } = product ?? {};
      return {
        ...{ kind: "product", id: name, description: displayName, score: floatOf(score), polygon },
        ...detailsOf({ ...more, ...rest, ...region }),
      };
    });
  });
}

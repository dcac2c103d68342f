import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import { boxAround, type SizeOf } from "./annotation-box.ts";
import { flatAnnotations, responseSize } from "./flat-annotations.ts";
import { recordJson } from "./record-json.ts";

/** The columns of a table with one row per annotation, in their order. */
export const annotationColumns = [
  ...["index", "uri", "page", "status", "kind", "id", "description", "locale", "score"],
  ...["confidence", "x", "y", "width", "height", "polygon", "details"],
] as const;

/** The values of a row, in the order of the columns. */
export type Row = readonly (string | number | undefined)[];

/** The rows of a record's annotations. */
export async function annotationRows(
  record: ResultRecord<ApiVersion>,
  sizeOf: SizeOf | undefined,
): Promise<readonly Row[]> {
  const { index, uri, page, status } = record;
  const size = responseSize(record) ?? (await sizeOf?.(uri, page));
  return flatAnnotations(record, size).map((annotation) => {
    const { kind, id, description, locale, score, confidence, polygon, details } = annotation;
    const { x, y, width, height } = polygon?.pixels ? boxAround(polygon.pixels) : {};
    const json = [recordJson(polygon?.normalized, record), recordJson(details, record)];
    return [
      ...[index, uri, page, status, kind, id, description, locale, score, confidence],
      ...[x, y, width, height, ...json],
    ];
  });
}

import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import { boxAround, type SizeOf } from "./annotation-box.ts";
import type { FlatResponse } from "./flat-annotation.ts";
import { flatAnnotations, responseSize } from "./flat-annotations.ts";
import { recordError } from "./record-error.ts";

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: "INT32" | "DOUBLE" | "STRING" | "JSON";
  readonly nullable: boolean;
}

/** The values of a row, in the order of the columns. */
export type ParquetRow = readonly unknown[];

const required = (name: string, type: ParquetColumn["type"]): ParquetColumn => ({
  ...{ name, type, nullable: false },
});
const optional = (name: string, type: ParquetColumn["type"]): ParquetColumn => ({
  ...{ name, type, nullable: true },
});

const recordPlace = [
  required("index", "INT32"),
  required("uri", "STRING"),
  optional("page", "INT32"),
  required("status", "STRING"),
];

/** The columns of one row per annotation. */
export const annotationColumns: readonly ParquetColumn[] = [
  ...recordPlace,
  required("kind", "STRING"),
  optional("id", "STRING"),
  optional("description", "STRING"),
  optional("locale", "STRING"),
  optional("score", "DOUBLE"),
  optional("confidence", "DOUBLE"),
  optional("x", "DOUBLE"),
  optional("y", "DOUBLE"),
  optional("width", "DOUBLE"),
  optional("height", "DOUBLE"),
  optional("polygon", "JSON"),
  optional("details", "JSON"),
];

/** The columns of one row per record. */
export const recordColumns: readonly ParquetColumn[] = [
  ...recordPlace,
  optional("text", "STRING"),
  optional("error", "JSON"),
  optional("response", "JSON"),
];

/** The rows of a record's annotations. */
export async function annotationRows(
  record: ResultRecord<ApiVersion>,
  sizeOf: SizeOf | undefined,
): Promise<readonly ParquetRow[]> {
  const { index, uri, page, status } = record;
  const size = responseSize(record) ?? (await sizeOf?.(uri, page));
  return flatAnnotations(record, size).map((annotation) => {
    const { kind, id, description, locale, score, confidence, polygon, details } = annotation;
    const { x, y, width, height } = polygon?.pixels ? boxAround(polygon.pixels) : {};
    return [
      ...[index, uri, page, status, kind, id, description, locale, score, confidence],
      ...[x, y, width, height, jsonOf(polygon?.normalized), jsonOf(details)],
    ];
  });
}

/** The row of a whole record. */
export function recordRow(record: ResultRecord<ApiVersion>): ParquetRow {
  const { index, uri, page, status } = record;
  const response = "response" in record ? (record.response as FlatResponse) : undefined;
  const text = response?.fullTextAnnotation?.text ?? response?.textAnnotations?.[0]?.description;
  return [index, uri, page, status, text, jsonOf(recordError(record)), jsonOf(response)];
}

function jsonOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

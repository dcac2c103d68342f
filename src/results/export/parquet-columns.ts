import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import { annotationColumns, type Row } from "./annotation-rows.ts";
import type { FlatResponse } from "./flat-annotation.ts";
import { recordError } from "./record-error.ts";
import { recordJson } from "./record-json.ts";

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: "INT32" | "DOUBLE" | "STRING" | "JSON";
  readonly nullable: boolean;
}

const required: ReadonlySet<string> = new Set(["index", "uri", "status", "kind"]);

const types: Readonly<Record<string, ParquetColumn["type"]>> = {
  ...{ index: "INT32", page: "INT32", score: "DOUBLE", confidence: "DOUBLE" },
  ...{ x: "DOUBLE", y: "DOUBLE", width: "DOUBLE", height: "DOUBLE" },
  ...{ polygon: "JSON", details: "JSON", error: "JSON", response: "JSON" },
};

/** The columns of one row per annotation, or of one per record. */
export const parquetColumns = {
  annotations: annotationColumns.map(columnOf),
  records: ["index", "uri", "page", "status", "text", "error", "response"].map(columnOf),
} as const;

function columnOf(name: string): ParquetColumn {
  return { name, type: types[name] ?? "STRING", nullable: !required.has(name) };
}

/** The row of a whole record. */
export function recordRow(record: ResultRecord<ApiVersion>): Row {
  const { index, uri, page, status } = record;
  const response = "response" in record ? (record.response as FlatResponse) : undefined;
  const text = response?.fullTextAnnotation?.text ?? response?.textAnnotations?.[0]?.description;
  const json = [recordJson(recordError(record), record), recordJson(response, record)];
  return [index, uri, page, status, text, ...json];
}

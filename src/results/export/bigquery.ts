import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import { loadResponseColumns, type BigQueryType, type Column } from "./bigquery-columns.ts";
import { toRow, type Unheld } from "./bigquery-row.ts";
import type { Exporter } from "./exporter.ts";
import { recordError } from "./record-error.ts";
import { recordJson } from "./record-json.ts";

/** A column of a table, as BigQuery's API and `bq load` take it. */
export interface BigQueryField {
  /** The name of the column. */
  readonly name: string;
  /** The type of its values. */
  readonly type: BigQueryType;
  /** Whether it may be null, or has any number of values. */
  readonly mode: "NULLABLE" | "REQUIRED" | "REPEATED";
  /** The columns within it; of a RECORD only. */
  readonly fields?: readonly BigQueryField[];
  /** What it holds. */
  readonly description?: string;
}

/** Options of {@link createBigQueryExporter}. */
export interface BigQueryExportOptions {
  /** The version of the API that the results are of. Default `v1`. */
  readonly version?: ApiVersion | undefined;
}

/**
 * Writes newline-delimited JSON, one row per record, that BigQuery loads into a table of
 * {@link bigQuerySchema}. Columns have the names of the protos. What has no column, such as a field that
 * is newer than this package, stands in `unknown` with its path, so that nothing is lost and the load
 * is not refused.
 */
export function createBigQueryExporter({ version = "v1" }: BigQueryExportOptions = {}): Exporter {
  return {
    mediaType: "application/x-ndjson",
    extension: "ndjson",
    export: (records) => toRows(records, version),
  };
}

/**
 * The schema of the table that {@link createBigQueryExporter} writes rows of, made from the descriptors
 * of a version: lists are REPEATED, messages RECORD, enums STRING, times TIMESTAMP, bytes BYTES. JSON are
 * `Any`, maps, messages within themselves and what would nest deeper than BigQuery allows.
 */
export async function bigQuerySchema(
  version: ApiVersion = "v1",
): Promise<readonly BigQueryField[]> {
  const columns = await loadResponseColumns(version);
  return [
    {
      ...nullable("index", "INTEGER", "The input's place among all inputs, from 0."),
      mode: "REQUIRED",
    },
    { ...nullable("uri", "STRING", "The image or document."), mode: "REQUIRED" },
    nullable("page", "INTEGER", "The page of a document, from 1."),
    {
      ...nullable("status", "STRING", "succeeded, partial, failed, missing or notSubmitted."),
      mode: "REQUIRED",
    },
    {
      ...nullable("error", "RECORD", "Why there is no result, or none but in part."),
      fields: errorFields,
    },
    { ...nullable("response", "RECORD", "The response of the API."), fields: fieldsOf(columns) },
    {
      ...nullable("unknown", "RECORD", "What has no column."),
      mode: "REPEATED",
      fields: unknownFields,
    },
  ];
}

const errorFields: readonly BigQueryField[] = [
  nullable("code", "STRING", "The google.rpc.Code of the service's error."),
  nullable("name", "STRING", "The class of an error that the service did not send."),
  nullable("message", "STRING"),
  nullable("details", "JSON"),
];

const unknownFields: readonly BigQueryField[] = [
  { ...nullable("path", "STRING", "Where it stood in the record."), mode: "REQUIRED" },
  nullable("value", "JSON"),
];

function nullable(name: string, type: BigQueryType, description?: string): BigQueryField {
  return { name, type, mode: "NULLABLE", ...(description === undefined ? {} : { description }) };
}

function fieldsOf(columns: ReadonlyMap<string, Column>): readonly BigQueryField[] {
  return [...columns.values()].map(({ name, type, repeated, columns: inner }) => ({
    ...{ name, type, mode: repeated ? "REPEATED" : "NULLABLE" },
    ...(type === "RECORD" ? { fields: fieldsOf(inner) } : {}),
  }));
}

async function* toRows(
  records: AsyncIterable<ResultRecord<ApiVersion>>,
  version: ApiVersion,
): AsyncGenerator<string> {
  const columns = await loadResponseColumns(version);
  for await (const record of records) {
    const { index, uri, page, status } = record;
    const unheld: Unheld[] = [];
    const target = { path: "response", unheld };
    const response =
      "response" in record
        ? toRow(record.response as object as Members, columns, target)
        : undefined;
    const error = recordError(record);
    const unknown = unheld.length === 0 ? undefined : unheld;
    const row = { index, uri, page, status, error, response, unknown };
    yield `${replaceLoneSurrogates(recordJson(row, record))}\n`;
  }
}

/** A surrogate without its other half, which JSON has escaped, would have the whole file refused. */
function replaceLoneSurrogates(json: string): string {
  if (!json.includes("\\ud")) return json;
  // An escaped backslash is passed over, lest what follows it be taken for an escape.
  return json.replace(/\\(?:\\|ud[89a-f][\da-f]{2})/g, (escape) =>
    escape === "\\\\" ? escape : "\ufffd",
  );
}

type Members = Readonly<Record<string, unknown>>;

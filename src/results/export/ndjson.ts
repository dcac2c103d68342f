import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import type { Exporter } from "./exporter.ts";
import { recordError } from "./record-error.ts";
import { recordJson } from "./record-json.ts";

/**
 * Writes one record a line as `{ index, uri, page?, status, error?, response? }`: nothing of a
 * response is left out, and an error is `{ code, message, details? }`, or `{ name, message, details? }`
 * where it is not the service's.
 */
export function createNdjsonExporter(): Exporter {
  return { mediaType: "application/x-ndjson", extension: "ndjson", export: toLines };
}

async function* toLines(records: AsyncIterable<ResultRecord<ApiVersion>>): AsyncGenerator<string> {
  for await (const record of records) {
    const { index, uri, page, status } = record;
    const error = recordError(record);
    const response = "response" in record ? record.response : undefined;
    yield `${recordJson({ index, uri, page, status, error, response }, record)}\n`;
  }
}

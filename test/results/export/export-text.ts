import type { Exporter } from "../../../src/results/export/exporter.ts";
import type { ResultRecord } from "../../../src/results/result-record.ts";

/** All that an exporter writes of these records. */
export async function exportText(
  exporter: Exporter,
  records: readonly ResultRecord[],
): Promise<string> {
  const parts: string[] = [];
  for await (const part of exporter.export(streamOf(records))) {
    parts.push(typeof part === "string" ? part : Buffer.from(part).toString());
  }
  return parts.join("");
}

async function* streamOf(records: readonly ResultRecord[]): AsyncGenerator<ResultRecord> {
  yield* records;
}

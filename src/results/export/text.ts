import type { ApiVersion } from "../../protocol/api-version.ts";
import { pageSeparator, readPages, type PageOptions } from "../document/index.ts";
import type { ResultRecord } from "../result-record.ts";
import type { Exporter } from "./exporter.ts";

/** Options of {@link createTextExporter}. */
export interface TextExportOptions extends PageOptions {
  /** What is written between pages and images. Default a form feed, as `pdftotext` writes it. */
  readonly separator?: string | undefined;
}

/**
 * Makes an exporter of plain text: the lines of every page, each ended by `\n`. Pages follow in the
 * order of the records; one without text, or that failed, is an empty one. Holds one record at a time.
 */
export function createTextExporter(options: TextExportOptions = {}): Exporter {
  return {
    mediaType: "text/plain",
    extension: "txt",
    export: (records) => writePages(records, options),
  };
}

async function* writePages<V extends ApiVersion>(
  records: AsyncIterable<ResultRecord<V>>,
  options: TextExportOptions,
): AsyncGenerator<string, void, undefined> {
  let before = "";
  for await (const record of records) {
    for (const { text } of readPages(record, options)) {
      yield before + (text === "" ? "" : `${text}\n`);
      before = options.separator ?? pageSeparator;
    }
  }
}

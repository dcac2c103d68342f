import { loadOptional } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import type { SizeOf } from "./annotation-box.ts";
import { annotationColumns, annotationRows } from "./annotation-rows.ts";
import type { Exporter } from "./exporter.ts";

export { annotationColumns as csvColumns };

/** Options of {@link createCsvExporter}. */
export interface CsvExportOptions {
  /** Tells the sizes that responses do not tell. Default: boxes stay in the coordinates that they have. */
  readonly sizeOf?: SizeOf | undefined;
  /**
   * Whether a text that a spreadsheet would take for a formula gets an apostrophe before it. Texts come
   * from images that anyone may have made; set this where people open the file. Default false: every
   * text is what it was.
   */
  readonly formulaGuard?: boolean | undefined;
  /** Whether the file begins with a byte order mark, by which Excel knows UTF-8. Default false. */
  readonly byteOrderMark?: boolean | undefined;
}

/**
 * Writes a table (RFC 4180, with a header) with one row per annotation, and a row of the kind `none` for
 * a record without any. `x`, `y`, `width` and `height` are pixels, `polygon` is a JSON array of
 * `[x, y]` as fractions of the page, `details` is JSON. Needs the package csv-stringify.
 */
export function createCsvExporter(options: CsvExportOptions = {}): Exporter {
  return {
    mediaType: "text/csv",
    extension: "csv",
    export: (records) => toCsv(records, options),
  };
}

async function* toCsv(
  records: AsyncIterable<ResultRecord<ApiVersion>>,
  { sizeOf, formulaGuard = false, byteOrderMark = false }: CsvExportOptions,
): AsyncGenerator<string> {
  const { stringify } = await loadOptional(
    "csv-stringify",
    "CSV export",
    () => import("csv-stringify/sync"),
  );
  const format = {
    record_delimiter: "\r\n",
    quoted_match: /[\r\n]/,
    escape_formulas: formulaGuard,
  };
  yield stringify([[...annotationColumns]], { ...format, bom: byteOrderMark });
  for await (const record of records) {
    yield stringify([...(await annotationRows(record, sizeOf))], format);
  }
}

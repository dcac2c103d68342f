import { loadOptional } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";
import { boxAround, type SizeOf } from "./annotation-box.ts";
import type { Exporter } from "./exporter.ts";
import { flatAnnotations, responseSize } from "./flat-annotations.ts";

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

/** The columns, in their order. */
export const csvColumns = [
  ...["index", "uri", "page", "status", "kind", "id", "description", "locale", "score"],
  ...["confidence", "x", "y", "width", "height", "polygon", "details"],
] as const;

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
  yield stringify([[...csvColumns]], { ...format, bom: byteOrderMark });
  for await (const record of records) {
    const { uri, page } = record;
    const size = responseSize(record) ?? (await sizeOf?.(uri, page));
    yield stringify(
      flatAnnotations(record, size).map((annotation) => {
        const { kind, id, description, locale, score, confidence, polygon, details } = annotation;
        const { x, y, width, height } = polygon?.pixels ? boxAround(polygon.pixels) : {};
        return [
          ...[record.index, uri, page, record.status, kind, id, description, locale],
          ...[score, confidence, x, y, width, height, jsonOf(polygon?.normalized), jsonOf(details)],
        ];
      }),
      format,
    );
  }
}

function jsonOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

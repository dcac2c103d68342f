/**
 * Results in other formats: an exporter a format, each a stream transform over records, as
 * `readResults` and `run.results()` give them.
 *
 * @module vision-batch/export
 */
export { createAltoExporter, type AltoExportOptions } from "./alto.ts";
export {
  bigQuerySchema,
  createBigQueryExporter,
  type BigQueryExportOptions,
  type BigQueryField,
} from "./bigquery.ts";
export type { PageOptions, PageSize, ReadingOrder } from "../document/index.ts";
export type { SizeOf } from "./annotation-box.ts";
export type { BigQueryType } from "./bigquery-columns.ts";
export {
  createCocoExporter,
  type CocoExportOptions,
  type CocoKind,
  type CocoOmission,
} from "./coco.ts";
export { createCsvExporter, csvColumns, type CsvExportOptions } from "./csv.ts";
export type { Exporter } from "./exporter.ts";
export { createHocrExporter, type HocrExportOptions } from "./hocr.ts";
export { createMarkdownExporter, type MarkdownExportOptions } from "./markdown.ts";
export { createNdjsonExporter } from "./ndjson.ts";
export type { FrameOptions } from "./page-frame.ts";
export { createParquetExporter, type ParquetExportOptions } from "./parquet.ts";
export {
  createPdfExporter,
  type PdfExportOptions,
  type PdfOmission,
  type PdfPageImage,
} from "./pdf.ts";
export type { RecordErrorJson } from "./record-error.ts";
export { createTextExporter, type TextExportOptions } from "./text.ts";

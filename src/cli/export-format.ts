import type { ApiVersion } from "../protocol/api-version.ts";
import type { Exporter } from "../results/export/exporter.ts";
import type { ObjectStore } from "../storage/index.ts";
import { pageImages } from "./page-images.ts";

/** What `--format` may name beside `ndjson`, the command's own form. */
export const exportFormats = [
  "text",
  "markdown",
  "hocr",
  "alto",
  "csv",
  "bigquery",
  "parquet",
  "coco",
  "pdf",
] as const;

/** A format that an exporter writes. */
export type ExportFormat = (typeof exportFormats)[number];

/** Formats that are bytes, which no terminal can show. */
export const binaryFormats: ReadonlySet<string> = new Set<ExportFormat>(["parquet", "pdf"]);

/** What exporters need from the command. */
export interface ExportContext {
  readonly version: ApiVersion;
  /** Where the inputs are, for the pictures of pages. */
  readonly store: ObjectStore;
  /** Hears of what a format cannot hold. */
  readonly onOmission: (uri: string, page: number | undefined) => void;
}

/** Loads the exporter of a format. */
export function loadExporter(format: ExportFormat, context: ExportContext): Promise<Exporter> {
  return loaders[format](context);
}

const loaders: Readonly<Record<ExportFormat, (context: ExportContext) => Promise<Exporter>>> = {
  text: async () => (await import("../results/export/text.ts")).createTextExporter(),
  markdown: async () => (await import("../results/export/markdown.ts")).createMarkdownExporter(),
  hocr: async () => (await import("../results/export/hocr.ts")).createHocrExporter(),
  alto: async () => (await import("../results/export/alto.ts")).createAltoExporter(),
  csv: async () => (await import("../results/export/csv.ts")).createCsvExporter(),
  bigquery: async ({ version }) =>
    (await import("../results/export/bigquery.ts")).createBigQueryExporter({ version }),
  parquet: async () => (await import("../results/export/parquet.ts")).createParquetExporter(),
  coco: async ({ onOmission }) =>
    (await import("../results/export/coco.ts")).createCocoExporter({
      onOmission: ({ uri, page }) => {
        onOmission(uri, page);
      },
    }),
  pdf: async ({ store, onOmission }) =>
    (await import("../results/export/pdf.ts")).createPdfExporter({
      readImage: pageImages(store),
      onOmission: ({ uri, page }) => {
        onOmission(uri, page);
      },
    }),
};

import type { ApiVersion } from "../protocol/api-version.ts";
import type { Exporter } from "../results/export/exporter.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { ExportFormat, FormatSettings } from "./format-flags.ts";
import { imageSizes } from "./image-sizes.ts";
import { pageImages } from "./page-images.ts";

/** Formats that are bytes, which no terminal can show. */
export const binaryFormats: ReadonlySet<string> = new Set<ExportFormat>(["parquet", "pdf"]);

/** What exporters need from the command. */
export interface ExportContext extends FormatSettings {
  readonly version: ApiVersion;
  /** Where the inputs are, for the pictures of pages. */
  readonly store: ObjectStore;
  /** Hears of what a format cannot hold, in words. */
  readonly onLoss: (loss: string) => void;
}

/** Loads the exporter of a format. */
export function loadExporter(format: ExportFormat, context: ExportContext): Promise<Exporter> {
  return loaders[format](context);
}

const loaders: Readonly<Record<ExportFormat, (context: ExportContext) => Promise<Exporter>>> = {
  text: async (context) => (await import("../results/export/text.ts")).createTextExporter(context),
  markdown: async (context) =>
    (await import("../results/export/markdown.ts")).createMarkdownExporter(context),
  hocr: async (context) => (await import("../results/export/hocr.ts")).createHocrExporter(context),
  alto: async (context) => (await import("../results/export/alto.ts")).createAltoExporter(context),
  csv: async (context) => (await import("../results/export/csv.ts")).createCsvExporter(context),
  bigquery: async (context) =>
    (await import("../results/export/bigquery.ts")).createBigQueryExporter(context),
  parquet: async () => (await import("../results/export/parquet.ts")).createParquetExporter(),
  coco: async ({ store, onLoss }) =>
    (await import("../results/export/coco.ts")).createCocoExporter({
      sizeOf: imageSizes(store),
      onOmission: ({ omitted, count, ...place }) => {
        const what = omitted === "size" ? "width and height" : `${count} annotations`;
        onLoss(`${what} of ${nameOf(place)} are left out: the size is not known`);
      },
    }),
  pdf: async ({ store, dpi, onLoss }) =>
    (await import("../results/export/pdf.ts")).createPdfExporter({
      ...{ readImage: pageImages(store), dpi },
      onImageError: ({ message }) => {
        onLoss(message);
      },
      onOmission: (place) => {
        onLoss(`${nameOf(place)} is left out: it has no picture, and its size is not known`);
      },
    }),
};

function nameOf({ uri, page }: { readonly uri: string; readonly page?: number }): string {
  const source = uri === "" ? "an input without a URI" : uri;
  return page === undefined ? source : `page ${page} of ${source}`;
}

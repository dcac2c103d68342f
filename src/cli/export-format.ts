import type { ApiVersion } from "../protocol/api-version.ts";
import type { Exporter } from "../results/export/exporter.ts";
import type { ObjectStore } from "../storage/index.ts";
import type { ExportFormat, FormatFlags, FormatSettings } from "./format-flags.ts";
import { imageSizes } from "./image-sizes.ts";
import { pageImages } from "./page-images.ts";
import type { Progress } from "./render/progress.ts";
import type { Streams } from "./streams.ts";
import { UsageError } from "./usage-error.ts";

/** Formats that are bytes, which no terminal can show. */
const binaryFormats: ReadonlySet<string> = new Set<ExportFormat>(["parquet", "pdf"]);

/** Refuses to write bytes on a terminal. @throws {@link UsageError} */
export function refuseBinary(
  { format = "ndjson", out }: FormatFlags & { readonly out?: string },
  { stdout }: Streams,
): void {
  if (!binaryFormats.has(format) || out !== undefined || stdout.isTTY !== true) return;
  throw new UsageError(`--format ${format} is no text: give --out FILE, or pipe it on`);
}

/** What a format cannot hold is told of so many times. */
const lossesShown = 10;

/** Loads what turns records into a format, which NDJSON needs nothing for; `noteRest` tells what it did not tell of losses. */
export async function openExporter(
  format: FormatFlags["format"] = "ndjson",
  context: Omit<ExportContext, "onLoss">,
  progress: Progress,
): Promise<{ readonly exporter: Exporter | undefined; readonly noteRest: () => void }> {
  let losses = 0;
  const onLoss = (loss: string): void => {
    if (++losses <= lossesShown) progress.note(loss);
  };
  return {
    exporter: format === "ndjson" ? undefined : await loadExporter(format, { ...context, onLoss }),
    noteRest: () => {
      if (losses > lossesShown) progress.note(`and ${losses - lossesShown} more are left out`);
    },
  };
}

/** What exporters need from the command. */
export interface ExportContext extends FormatSettings {
  readonly version: ApiVersion;
  /** Where the inputs are, for the pictures of pages. */
  readonly store: ObjectStore;
  /** Hears of what a format cannot hold, in words. */
  readonly onLoss: (loss: string) => void;
}

/** Loads the exporter of a format. */
function loadExporter(format: ExportFormat, context: ExportContext): Promise<Exporter> {
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

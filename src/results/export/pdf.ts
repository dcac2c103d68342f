import { VisionBatchError } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import { readPages, type PageView } from "../document/index.ts";
import type { ResultRecord } from "../result-record.ts";
import type { Exporter } from "./exporter.ts";
import { PdfFile } from "./pdf/pdf-file.ts";
import { loadPdfLibrary } from "./pdf/pdf-library.ts";
import { PdfPages, type PageContent } from "./pdf/pdf-pages.ts";

/** A page of the PDF that another was read of, where it is not the page of the same number. */
export interface PdfPageImage {
  /** The bytes of a PDF. */
  readonly content: Uint8Array;
  /** The page in it, from 1. */
  readonly page: number;
}

/** A page that the PDF does not have. */
export interface PdfOmission {
  /** The URI of the image or document. */
  readonly uri: string;
  /** The page of a document, from 1; absent for an image. */
  readonly page?: number;
}

/** Options of {@link createPdfExporter}. */
export interface PdfExportOptions {
  /**
   * Reads what a page looks like: a JPEG, a PNG, or the PDF that it is a page of. Undefined: the page is
   * blank but for its text. It is asked for every record, one after the other.
   */
  readonly readImage: (
    uri: string,
    page: number | undefined,
  ) => Promise<Uint8Array | PdfPageImage | undefined>;
  /** Pixels of images for each inch of their page. A page of a PDF keeps its size. Default 300. */
  readonly dpi?: number | undefined;
  /**
   * Hears of each picture that cannot be taken: it is damaged, is in another format, or lacks the page.
   * The page is then blank but for its text. Default: the first one ends the export, but for those of
   * records that failed, since what the service could not read may well be damaged.
   */
  readonly onImageError?: ((error: VisionBatchError) => void) | undefined;
  /** Hears of each record that has neither an image nor a size, and so no page. Default: nobody does. */
  readonly onOmission?: ((omission: PdfOmission) => void) | undefined;
}

const defaultDpi = 300;

/**
 * Writes one PDF with a page for every record, in their order: the image of the page, and under it its
 * text, invisible, word by word where it stands, so that it can be found, marked and copied in any
 * script; a page of a PDF that has text already then has it twice. Records without a result have their
 * image alone. Written page by page; only the page at hand is in memory, and the document that it is
 * copied from. Needs the package `@cantoo/pdf-lib`.
 *
 * @throws RangeError for a `dpi` that is not above 0. Its stream rejects with a {@link VisionBatchError}
 * where there is no page, and for pictures as `onImageError` says.
 */
export function createPdfExporter(options: PdfExportOptions): Exporter {
  const { dpi = defaultDpi } = options;
  if (!(dpi > 0 && dpi < Infinity)) throw new RangeError(`dpi is ${dpi} and not above 0`);
  return {
    mediaType: "application/pdf",
    extension: "pdf",
    export: (records) => toPdf(records, options),
  };
}

async function* toPdf(
  records: AsyncIterable<ResultRecord<ApiVersion>>,
  { readImage, dpi = defaultDpi, onImageError, onOmission }: PdfExportOptions,
): AsyncGenerator<Uint8Array> {
  const library = await loadPdfLibrary();
  const file = new PdfFile(library);
  const pages = new PdfPages(library, file, { dpi });
  const onError = (error: unknown, { status }: PageView): void => {
    if (!(error instanceof VisionBatchError)) throw error;
    if (onImageError === undefined && status !== "failed") throw error;
    onImageError?.(error);
  };
  yield file.start();
  for await (const record of records) {
    for (const page of readPages(record)) {
      const number = record.page ?? (page.number === 1 ? undefined : page.number);
      const image = contentOf(await readImage(record.uri, number), page);
      const isAdded = await pages.add(page, image).catch((error: unknown) => {
        onError(error, page);
        return pages.add(page, undefined);
      });
      if (!isAdded) {
        onOmission?.({ uri: record.uri, ...(number === undefined ? {} : { page: number }) });
      }
      yield* file.flush();
    }
  }
  if (file.pageCount === 0) {
    throw new VisionBatchError("there is no page for a PDF: no record has an image or a size");
  }
  pages.writeFonts();
  yield* file.finish();
}

function contentOf(
  image: Uint8Array | PdfPageImage | undefined,
  { number }: PageView,
): PageContent | undefined {
  return image instanceof Uint8Array ? { content: image, page: number } : image;
}

import type { PDFiumDocument, PDFiumLibrary } from "@hyzyla/pdfium";
import { maxSidePixels, type PageImage } from "./page-image.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";

/** The PDF library, as it is loaded at first use. */
export type PdfLibrary = Awaited<ReturnType<typeof PDFiumLibrary.init>>;

const pointsPerInch = 72;
const dotsPerInch = 200;

/** An open PDF; `destroy` frees its memory in the library. */
export class PdfDocument {
  readonly #document: PDFiumDocument;

  private constructor(document: PDFiumDocument) {
    this.#document = document;
  }

  /** @throws {@link UnreadableFileError} for one that is damaged or needs a password. */
  static async open(library: PdfLibrary, content: Uint8Array): Promise<PdfDocument> {
    try {
      return new PdfDocument(await library.loadDocument(content));
    } catch (error) {
      const message = `The PDF cannot be read: ${(error as Error).message}.`;
      throw new UnreadableFileError(message, "INVALID_ARGUMENT", { cause: error });
    }
  }

  get pageCount(): number {
    return this.#document.getPageCount();
  }

  /** Draws a page (1-based) at 200 dpi, or coarser where it would be larger than annotators work on. */
  async render(pageNumber: number): Promise<PageImage> {
    const page = this.#document.getPage(pageNumber - 1);
    const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
    const largest = maxSidePixels / Math.max(width, height, 1);
    const scale = Math.min(dotsPerInch / pointsPerInch, largest);
    const drawn = await page.render({ scale, render: "bitmap", renderFormFields: true });
    const pixels = { data: dropAlpha(drawn.data), width: drawn.width, height: drawn.height };
    return { pixels, width, height, unit: "point" };
  }

  destroy(): void {
    this.#document.destroy();
  }
}

function dropAlpha(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] ?? 0;
    rgb[to + 1] = rgba[from + 1] ?? 0;
    rgb[to + 2] = rgba[from + 2] ?? 0;
  }
  return rgb;
}

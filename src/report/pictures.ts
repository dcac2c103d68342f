import { loadOptional } from "../errors/index.ts";
import type { PageSize } from "../results/document/index.ts";
import { PdfPages } from "./pdf-pages.ts";

/** The pictures of an item. */
export interface Pictures {
  /** That of the image or page, as it is to be seen. */
  readonly size: PageSize;
  /** JPEG. */
  readonly thumbnail: Uint8Array;
  /** JPEG; undefined where it would be no larger than the thumbnail, or is not wanted. */
  readonly preview: Uint8Array | undefined;
}

/** How large pictures are. */
export interface PictureSizes {
  /** The longer side of a picture in the list, in pixels. */
  readonly thumbnailPixels: number;
  /** The longer side of the picture that is looked at closely; 0: none is made. */
  readonly previewPixels: number;
}

type Sharp = typeof import("sharp").default;
type Picture = ReturnType<Sharp>;

/** Makes pictures of images and of pages of TIFF, GIF and PDF files; to be disposed of after the last. */
export class PictureMaker implements AsyncDisposable {
  readonly #sharp: Sharp;
  readonly #sizes: PictureSizes;
  readonly #pdfPages = new PdfPages();

  private constructor(sharp: Sharp, sizes: PictureSizes) {
    this.#sharp = sharp;
    this.#sizes = sizes;
  }

  /** Opens what makes pictures of these sizes. @throws MissingPackageError without sharp. */
  static async open(sizes: PictureSizes): Promise<PictureMaker> {
    const purpose = "a report with pictures";
    const { default: sharp } = await loadOptional("sharp", purpose, () => import("sharp"));
    return new PictureMaker(sharp, sizes);
  }

  /**
   * Makes the pictures of an image, or of a page (from 1) of a document; undefined where none can be made.
   * @throws MissingPackageError for a PDF without @hyzyla/pdfium.
   */
  async make(content: Uint8Array, page = 1): Promise<Pictures | undefined> {
    if (isPdf(content)) return this.#ofPdf(content, page);
    try {
      const image = this.#sharp(content, { page: page - 1, failOn: "error" }).autoOrient();
      const { autoOrient } = await image.metadata();
      const size = { width: autoOrient.width, height: autoOrient.height };
      return { size, ...(await this.#reduce(image, Math.max(size.width, size.height))) };
    } catch {
      // What no picture can be made of, the service may not have read either; its record says so.
      return undefined;
    }
  }

  /** Ends what draws pages of PDFs. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pdfPages[Symbol.asyncDispose]();
  }

  async #ofPdf(content: Uint8Array, page: number): Promise<Pictures | undefined> {
    const { thumbnailPixels, previewPixels } = this.#sizes;
    const longest = Math.max(thumbnailPixels, previewPixels);
    const drawn = await this.#pdfPages.draw(content, page, longest);
    if (drawn === undefined) return undefined;
    const { size, pixels, width, height } = drawn;
    const image = this.#sharp(pixels, { raw: { width, height, channels: 4 } });
    return { size, ...(await this.#reduce(image, longest)) };
  }

  async #reduce(image: Picture, longest: number): Promise<Omit<Pictures, "size">> {
    const { thumbnailPixels, previewPixels } = this.#sizes;
    const isLarge = previewPixels > thumbnailPixels && longest > thumbnailPixels;
    const preview = isLarge ? await reduced(image, previewPixels) : undefined;
    // A picture that is small already is reduced in a fraction of the time.
    const small = preview === undefined ? image : this.#sharp(preview);
    return { thumbnail: await reduced(small, thumbnailPixels), preview };
  }
}

function reduced(image: Picture, pixels: number): Promise<Buffer> {
  return (
    image
      .clone()
      .resize({ width: pixels, height: pixels, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#fff" })
      // Made in a fifth of the time that WebP takes.
      .jpeg({ quality: 75 })
      .toBuffer()
  );
}

/** How far into a file the header of a PDF may stand. Source: Adobe's implementation notes to PDF 1.7, H.3.4.1. */
const pdfHeaderBytes = 1024;

function isPdf(content: Uint8Array): boolean {
  const start = Buffer.from(
    content.buffer,
    content.byteOffset,
    Math.min(content.length, pdfHeaderBytes),
  );
  return start.includes("%PDF-");
}

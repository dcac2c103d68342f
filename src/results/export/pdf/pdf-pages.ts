import { VisionBatchError } from "../../../errors/index.ts";
import type { PageSize, PageView, Point } from "../../document/index.ts";
import { addDeflated } from "./deflated-stream.ts";
import { PageCopier } from "./page-copy.ts";
import { embedJpeg, embedPng, formatOf, type EmbeddedImage } from "./page-image.ts";
import type { PdfFile } from "./pdf-file.ts";
import type { PdfLibrary, PdfRef } from "./pdf-library.ts";
import { TextFonts } from "./text-fonts.ts";
import { textLayer, type ToUserSpace } from "./text-layer.ts";

/** What a page looks like: an image, or a page (from 1) of a PDF. */
export interface PageContent {
  readonly content: Uint8Array;
  readonly page: number;
}

const pointsPerInch = 72;

/** Makes the pages of a PDF. */
export class PdfPages {
  readonly #library: PdfLibrary;
  readonly #file: PdfFile;
  readonly #fonts: TextFonts;
  readonly #copier: PageCopier;
  readonly #pointsPerPixel: number;

  constructor(library: PdfLibrary, file: PdfFile, { dpi }: { readonly dpi: number }) {
    this.#library = library;
    this.#file = file;
    this.#fonts = new TextFonts(file.context);
    this.#copier = new PageCopier(library, file.context);
    this.#pointsPerPixel = pointsPerInch / dpi;
  }

  /** Adds a page; false where nothing tells its size. @throws {@link VisionBatchError} for an image that cannot be read. */
  async add(page: PageView, image: PageContent | undefined): Promise<boolean> {
    if (image === undefined) return this.#addBlank(page);
    const format = formatOf(image.content);
    if (format === undefined) {
      throw new VisionBatchError(
        `what was read for ${page.uri} is neither a JPEG nor a PNG nor a PDF`,
      );
    }
    await (format === "pdf" ? this.#addCopy(page, image) : this.#addImage(page, image));
    return true;
  }

  /** Adds the fonts of all text. */
  writeFonts(): void {
    this.#fonts.write(this.#library);
  }

  #addBlank(page: PageView): boolean {
    const { width, height } = page;
    if (width === undefined || height === undefined) return false;
    this.#addPage(page, { size: { width, height }, content: "", objects: {} });
    return true;
  }

  async #addImage(page: PageView, { content }: PageContent): Promise<void> {
    const { ref, size, upright } = await this.#embed(page, content);
    const [width, height] = [size.width * this.#pointsPerPixel, size.height * this.#pointsPerPixel];
    const draw = `q\n${width} 0 0 ${height} 0 0 cm\n${upright.join(" ")} cm\n/Image Do\nQ\n`;
    this.#addPage(page, { size, content: draw, objects: { Image: ref } });
  }

  async #embed(page: PageView, content: Uint8Array): Promise<EmbeddedImage> {
    const embed = formatOf(content) === "jpeg" ? embedJpeg : embedPng;
    try {
      return await embed(this.#library, this.#file.context, content);
    } catch (error) {
      const problem = (error as Error).message;
      throw new VisionBatchError(`the image of ${page.uri} cannot be read: ${problem}`, {
        cause: error,
      });
    }
  }

  #addPage(
    page: PageView,
    drawing: {
      readonly size: PageSize;
      readonly content: string;
      readonly objects: Readonly<Record<string, PdfRef>>;
    },
  ): void {
    const { context } = this.#file;
    const width = drawing.size.width * this.#pointsPerPixel;
    const height = drawing.size.height * this.#pointsPerPixel;
    const toUserSpace = ({ x, y }: Point): Point => ({ x: x * width, y: (1 - y) * height });
    const text = this.#text(page, toUserSpace, drawing.size);
    const resources = {
      XObject: drawing.objects,
      Font: Object.fromEntries(this.#fonts.resources()),
    };
    this.#file.addPage(
      context.obj({
        ...{ Type: "Page", Parent: this.#file.pageTree, MediaBox: [0, 0, width, height] },
        Resources: resources,
        Contents: addDeflated(context, text + drawing.content),
      }),
    );
  }

  /** The text comes first: what a page's content does to the coordinates lasts to its end. */
  async #addCopy(page: PageView, { content, page: number }: PageContent): Promise<void> {
    const { context } = this.#file;
    const { PDFName } = this.#library;
    const copy = await this.#copier.copy(content, number, page.uri);
    const { width = 0, height = 0 } = page;
    const text = this.#text(page, copy.toUserSpace, width > 0 ? { width, height } : undefined);
    for (const [name, ref] of this.#fonts.resources()) copy.fonts.set(PDFName.of(name), ref);
    copy.resources.set(PDFName.of("Font"), copy.fonts);
    this.#file.addPage(
      context.obj({
        ...copy.entries,
        ...{ Type: "Page", Parent: this.#file.pageTree, Resources: copy.resources },
        Contents: [addDeflated(context, text), ...copy.contents],
      }),
    );
  }

  #text(page: PageView, toUserSpace: ToUserSpace, size: PageSize | undefined): string {
    return textLayer(page, { fonts: this.#fonts, toUserSpace, size });
  }
}

import { VisionBatchError } from "../../../errors/index.ts";
import type { Point } from "../../document/index.ts";
import type {
  PdfContext,
  PdfCopier,
  PdfDictionary,
  PdfDocument,
  PdfLibrary,
  PdfObject,
} from "./pdf-library.ts";

/** A page of another document, copied. */
export interface CopiedPage {
  /** Without its content, which comes before or after what else the page is to show. */
  readonly entries: Record<string, PdfObject>;
  readonly contents: readonly PdfObject[];
  readonly resources: PdfDictionary;
  /** The fonts of its resources, to which others can be added. */
  readonly fonts: PdfDictionary;
  /** Turns a point of the page as it is shown, in fractions from the top left, into user space. */
  readonly toUserSpace: (point: Point) => Point;
}

/** What a page is shown by; links, forms and the structure of its document stay behind. */
const copiedEntries = ["MediaBox", "CropBox", "Rotate", "UserUnit", "Group"];

/** Copies pages of documents into one; what several pages of a document share is copied once. */
export class PageCopier {
  readonly #library: PdfLibrary;
  readonly #context: PdfContext;
  #open: Source | undefined;

  constructor(library: PdfLibrary, context: PdfContext) {
    this.#library = library;
    this.#context = context;
  }

  /**
   * Copies a page (from 1). The last document stays open, for its next page.
   * @throws {@link VisionBatchError} where the document cannot be read or has no such page.
   */
  async copy(content: Uint8Array, page: number, uri: string): Promise<CopiedPage> {
    try {
      if (this.#open === undefined || Buffer.compare(this.#open.content, content) !== 0) {
        this.#open = await this.#load(content);
      }
      if (page <= this.#open.pageCount) return this.#copyPage(this.#open, page);
    } catch (error) {
      const problem = (error as Error).message;
      throw new VisionBatchError(`${uri} cannot be read as a PDF: ${problem}`, { cause: error });
    }
    const { pageCount } = this.#open;
    throw new VisionBatchError(
      `${uri} has no page ${page}: the PDF that was read for it has ${pageCount}`,
    );
  }

  #copyPage({ document, copier }: Source, number: number): CopiedPage {
    const page = document.getPage(number - 1);
    const { node } = page;
    const source = document.context;
    const entries: Record<string, PdfObject> = {};
    for (const name of copiedEntries) {
      const value = node.getInheritableAttribute(this.#name(name));
      if (value !== undefined) entries[name] = copier.copy(value);
    }
    const fonts = source.lookupMaybe(
      node.Resources()?.get(this.#name("Font")),
      this.#library.PDFDict,
    );
    const contents = contentsOf(this.#library, source, node.get(this.#name("Contents")));
    return {
      entries,
      resources: this.#copyOfDictionary(node.Resources(), copier),
      fonts: this.#copyOfDictionary(fonts, copier),
      contents: contents.map((each) => copier.copy(each)),
      toUserSpace: shownPage(page),
    };
  }

  /** A new dictionary: what was copied before is written already. */
  #copyOfDictionary(dictionary: PdfDictionary | undefined, copier: PdfCopier): PdfDictionary {
    const copy = this.#context.obj({});
    for (const [key, value] of dictionary?.entries() ?? []) copy.set(key, copier.copy(value));
    return copy;
  }

  async #load(content: Uint8Array): Promise<Source> {
    const { PDFDocument, PDFObjectCopier } = this.#library;
    const document = await PDFDocument.load(content, { updateMetadata: false });
    const pageCount = document.getPageCount();
    const copier = PDFObjectCopier.for(document.context, this.#context);
    return { content, document, pageCount, copier };
  }

  #name(name: string): ReturnType<PdfLibrary["PDFName"]["of"]> {
    return this.#library.PDFName.of(name);
  }
}

interface Source {
  readonly content: Uint8Array;
  readonly document: PdfDocument;
  readonly pageCount: number;
  readonly copier: PdfCopier;
}

/** The streams of a page's content: there may be one, or a list of them. */
function contentsOf(
  { PDFArray }: PdfLibrary,
  context: PdfContext,
  contents: PdfObject | undefined,
): readonly PdfObject[] {
  if (contents === undefined) return [];
  const found = context.lookup(contents);
  return found instanceof PDFArray ? found.asArray() : [contents];
}

/** By how a page is turned when it is shown: clockwise, in quarters. */
function shownPage(page: ReturnType<PdfDocument["getPage"]>): (point: Point) => Point {
  const { x: left, y: bottom, width, height } = page.getCropBox();
  const quarters = (((page.getRotation().angle / 90) % 4) + 4) % 4;
  return ({ x, y }) => {
    const [across, upwards] = (
      [
        [x, 1 - y],
        [y, x],
        [1 - x, y],
        [1 - y, 1 - x],
      ] as const
    )[quarters] ?? [x, 1 - y];
    return { x: left + across * width, y: bottom + upwards * height };
  };
}

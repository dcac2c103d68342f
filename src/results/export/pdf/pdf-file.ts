import type { PdfContext, PdfLibrary, PdfObject, PdfRef } from "./pdf-library.ts";

/**
 * A PDF that is written while it is made: objects that are complete are handed over and forgotten, and
 * of each only its offset is kept for the table at the end.
 */
export class PdfFile {
  readonly context: PdfContext;
  /** The node that is the parent of every page. */
  readonly pageTree: PdfRef;
  readonly #offsets: number[] = [];
  readonly #pages: PdfRef[] = [];
  #length = 0;

  constructor({ PDFContext }: PdfLibrary) {
    this.context = PDFContext.create();
    this.pageTree = this.context.nextRef();
  }

  /** The bytes that a file begins with. */
  start(): Uint8Array {
    // Bytes beyond ASCII keep programs from taking the file for text.
    return this.#count(Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1"));
  }

  /** Adds an object as the next page. */
  addPage(page: PdfObject): void {
    this.#pages.push(this.context.register(page));
  }

  get pageCount(): number {
    return this.#pages.length;
  }

  /** The bytes of all objects that are there, which are not to be changed any more. */
  *flush(): Generator<Uint8Array, void, undefined> {
    for (const [ref, object] of this.context.enumerateIndirectObjects()) {
      this.#offsets[ref.objectNumber] = this.#length;
      const head = `${ref.objectNumber} ${ref.generationNumber} obj\n`;
      const bytes = Buffer.alloc(head.length + object.sizeInBytes() + endOfObject.length);
      bytes.write(head, "latin1");
      object.copyBytesInto(bytes, head.length);
      bytes.write(endOfObject, bytes.length - endOfObject.length, "latin1");
      this.context.delete(ref);
      yield this.#count(bytes);
    }
  }

  /** The bytes that a file ends with. */
  *finish(): Generator<Uint8Array, void, undefined> {
    const { context } = this;
    const pages = { Type: "Pages", Kids: this.#pages, Count: this.#pages.length };
    context.assign(this.pageTree, context.obj(pages));
    const root = context.register(context.obj({ Type: "Catalog", Pages: this.pageTree }));
    yield* this.flush();
    const trailer = context.obj({ Size: this.#offsets.length, Root: root });
    const end = `trailer\n${trailer.toString()}\nstartxref\n${this.#length}\n%%EOF\n`;
    yield this.#count(Buffer.from(this.#crossReferences(), "latin1"));
    yield Buffer.from(end, "latin1");
  }

  /** Numbers that no object got are free. */
  #crossReferences(): string {
    const entries = Array.from(this.#offsets, (offset: number | undefined) =>
      offset === undefined ? "0000000000 65535 f \n" : `${digits(offset)} 00000 n \n`,
    );
    return `xref\n0 ${entries.length}\n${entries.join("")}`;
  }

  #count(bytes: Uint8Array): Uint8Array {
    this.#length += bytes.length;
    return bytes;
  }
}

const endOfObject = "\nendobj\n";

function digits(offset: number): string {
  return String(offset).padStart(10, "0");
}

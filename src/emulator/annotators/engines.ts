import { loadSmartcrop, type Smartcrop } from "./crop-hints.ts";
import { loadPackage } from "./optional-packages.ts";
import type { Sharp } from "./page-image.ts";
import type { PdfLibrary } from "./pdf-document.ts";
import { TextRecognizer } from "./text-recognizer.ts";

/** The optional packages of a worker, each loaded once, at first use. Every method throws MissingPackageError. */
export class Engines {
  #sharp: Promise<Sharp> | undefined;
  #textRecognizer: Promise<TextRecognizer> | undefined;
  #smartcrop: Promise<Smartcrop> | undefined;
  #pdfium: Promise<PdfLibrary> | undefined;

  sharp(): Promise<Sharp> {
    this.#sharp ??= loadPackage("sharp", async () => {
      const module = await import("sharp");
      // The pool gives each core a worker already; images are not seen twice, so a cache is of no use.
      module.default.concurrency(1);
      module.default.cache(false);
      return module.default;
    });
    return this.#sharp;
  }

  textRecognizer(): Promise<TextRecognizer> {
    this.#textRecognizer ??= this.sharp().then((sharp) => TextRecognizer.start(sharp));
    return this.#textRecognizer;
  }

  smartcrop(): Promise<Smartcrop> {
    this.#smartcrop ??= loadSmartcrop();
    return this.#smartcrop;
  }

  pdfium(): Promise<PdfLibrary> {
    this.#pdfium ??= loadPackage("@hyzyla/pdfium", async () => {
      const { PDFiumLibrary } = await import("@hyzyla/pdfium");
      return PDFiumLibrary.init();
    });
    return this.#pdfium;
  }
}

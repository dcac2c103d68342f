import { parentPort } from "node:worker_threads";
import type { PDFiumDocument, PDFiumLibrary } from "@hyzyla/pdfium";
import type { DrawnPage, PageTask } from "./pdf-pages.ts";

type Library = Awaited<ReturnType<typeof PDFiumLibrary.init>>;

/** Draws the pages that a thread is asked for, one at a time. */
class PageWorker {
  readonly #library: Library;
  /** The document of the last page: its other pages come next. */
  #document: PDFiumDocument | undefined;

  constructor(library: Library) {
    this.#library = library;
  }

  async draw({ content, page, longestPixels }: PageTask): Promise<DrawnPage> {
    if (content !== undefined) await this.#open(content);
    const pages = this.#document?.getPageCount() ?? 0;
    if (this.#document === undefined || page > pages) throw new Error("there is no such page");
    const shown = this.#document.getPage(page - 1);
    const { originalWidth, originalHeight } = shown.getOriginalSize();
    const size = { width: originalWidth, height: originalHeight };
    const scale = longestPixels / Math.max(size.width, size.height);
    const width = Math.max(1, Math.round(size.width * scale));
    const height = Math.max(1, Math.round(size.height * scale));
    const { data } = await shown.render({
      width,
      height,
      render: "bitmap",
      renderFormFields: true,
    });
    return { size, pixels: data, width, height };
  }

  async #open(content: Uint8Array): Promise<void> {
    this.#document?.destroy();
    this.#document = undefined;
    this.#document = await this.#library.loadDocument(content);
  }
}

const port = parentPort;
if (port !== null) {
  const worker = import("@hyzyla/pdfium")
    .then(({ PDFiumLibrary: library }) => library.init())
    .then((library) => new PageWorker(library));
  port.on("message", (task: PageTask) => {
    worker
      .then((opened) => opened.draw(task))
      .then(
        (drawn) => {
          port.postMessage(drawn, [drawn.pixels.buffer as ArrayBuffer]);
        },
        (error: unknown) => {
          // A library that has crashed draws nothing any more: its thread ends with it.
          if (error instanceof Error && error.name === "RuntimeError") throw error;
          port.postMessage(undefined);
        },
      );
  });
}

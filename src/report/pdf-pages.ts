import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import { loadOptional } from "../errors/index.ts";
import type { PageSize } from "../results/document/index.ts";

/** A page of a PDF as it was drawn. */
export interface DrawnPage {
  /** That of the page, in points, as it is to be seen. */
  readonly size: PageSize;
  /** RGBA, row by row. */
  readonly pixels: Uint8Array;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
}

/** What the thread that draws is asked for. */
export interface PageTask {
  /** Absent where the page is of the same document as the last one. */
  readonly content?: Uint8Array | undefined;
  /** From 1. */
  readonly page: number;
  /** The longer side of the picture. */
  readonly longestPixels: number;
}

/** The memory of the library is never given back and grows with the pages, so that its thread is replaced. */
const pagesPerThread = 100;

/** A page that takes longer has no picture. */
const pageTimeoutMs = 20_000;

const purpose = "a report with pictures of PDF pages";

const url = new URL(`./pdf-page-worker${extname(import.meta.url)}`, import.meta.url);

/** Draws pages of PDFs in a thread of its own, one at a time, in memory that does not grow with the pages. */
export class PdfPages implements AsyncDisposable {
  #thread: Worker | undefined;
  #pages = 0;
  #content: Uint8Array | undefined;
  #before: Promise<unknown> = Promise.resolve();

  /**
   * Draws a page; undefined where it cannot be drawn. Pages of one content are cheapest one after the other.
   * @throws MissingPackageError without @hyzyla/pdfium.
   */
  draw(content: Uint8Array, page: number, longestPixels: number): Promise<DrawnPage | undefined> {
    const drawn = this.#before.then(() => this.#draw(content, { page, longestPixels }));
    this.#before = drawn.catch(() => undefined);
    return drawn;
  }

  /** Ends the thread. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#before;
    await this.#end();
  }

  async #draw(
    content: Uint8Array,
    { page, longestPixels }: Omit<PageTask, "content">,
  ): Promise<DrawnPage | undefined> {
    await loadOptional("@hyzyla/pdfium", purpose, () => import("@hyzyla/pdfium"));
    if (this.#pages >= pagesPerThread) await this.#end();
    this.#pages++;
    const isOpen = this.#thread !== undefined && this.#content === content;
    this.#content = content;
    const drawn = await this.#ask({ ...(isOpen ? {} : { content }), page, longestPixels });
    if (drawn === "gone") await this.#end();
    return drawn === "gone" ? undefined : drawn;
  }

  async #ask(task: PageTask): Promise<DrawnPage | undefined | "gone"> {
    // Flags of the program, such as --input-type, would be applied to the thread's module too.
    const thread = (this.#thread ??= new Worker(url, { execArgv: [] }));
    const { promise, resolve } = Promise.withResolvers<DrawnPage | undefined | "gone">();
    const leave = (): void => {
      resolve("gone");
    };
    const timer = setTimeout(leave, pageTimeoutMs);
    thread.once("message", resolve).once("error", leave).once("exit", leave);
    thread.ref();
    // A copy of its own: a view may be of far more memory than the document.
    const content = task.content && new Uint8Array(task.content);
    thread.postMessage({ ...task, content }, content === undefined ? [] : [content.buffer]);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      thread.off("message", resolve).off("error", leave).off("exit", leave);
      // Nothing is lost with a thread that nobody waits for.
      thread.unref();
    }
  }

  async #end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    this.#content = undefined;
    this.#pages = 0;
    await thread?.terminate();
  }
}

import { parentPort, type MessagePort } from "node:worker_threads";
import { MissingPackageError } from "../../errors/index.ts";
import { Engines } from "./engines.ts";
import { packagePurposes } from "./optional-packages.ts";
import { annotatePage, loadEngines } from "./page-annotations.ts";
import { countImagePages, decodeImage, type PageImage } from "./page-image.ts";
import { PdfDocument } from "./pdf-document.ts";
import { UnreadableFileError } from "./unreadable-file-error.ts";
import type { AnnotatorReply, AnnotatorTask, SharedFile, WorkerReport } from "./worker-messages.ts";

// The memory of the PDF library is never given back, and grows over hundreds of pages.
const maxPdfPages = 100;

/** Does the tasks of one worker thread, one at a time. */
class AnnotatorWorker {
  readonly #port: MessagePort;
  readonly #engines = new Engines();
  #pdf: { readonly id: number; readonly document: PdfDocument } | undefined;
  #pdfPages = 0;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  async handle(task: AnnotatorTask): Promise<void> {
    const reply = await this.#perform(task).catch(toFailure);
    this.#report({ type: "done", reply, retire: this.#pdfPages >= maxPdfPages });
  }

  async #perform(task: AnnotatorTask): Promise<AnnotatorReply> {
    if (task.type !== "pageCount") await loadEngines(this.#engines, task.request.features);
    const sharp = await this.#engines.sharp();
    if (task.type !== "image" && task.file.format === "pdf") await this.#engines.pdfium();
    this.#report({ type: "working" });
    if (task.type === "pageCount") {
      return { type: "pageCount", pageCount: await this.#countPages(task.file) };
    }
    const { request } = task;
    const image =
      task.type === "image" ? await decodeImage(sharp, task.content) : await this.#drawPage(task);
    const kind = task.type;
    return {
      type: "response",
      response: await annotatePage(this.#engines, image, { request, kind }),
    };
  }

  async #countPages(file: SharedFile): Promise<number> {
    if (file.format === "pdf") return (await this.#openPdf(file)).pageCount;
    return countImagePages(await this.#engines.sharp(), copyOf(file));
  }

  async #drawPage({
    file,
    pageNumber,
  }: {
    file: SharedFile;
    pageNumber: number;
  }): Promise<PageImage> {
    if (file.format !== "pdf") {
      return decodeImage(await this.#engines.sharp(), copyOf(file), pageNumber);
    }
    const document = await this.#openPdf(file);
    this.#pdfPages += 1;
    return document.render(pageNumber);
  }

  /** Keeps the last document open: its pages come one after the other. */
  async #openPdf(file: SharedFile): Promise<PdfDocument> {
    if (this.#pdf?.id === file.id) return this.#pdf.document;
    this.#pdf?.document.destroy();
    this.#pdf = undefined;
    const document = await PdfDocument.open(await this.#engines.pdfium(), copyOf(file));
    this.#pdf = { id: file.id, document };
    return document;
  }

  #report(report: WorkerReport<AnnotatorReply>): void {
    this.#port.postMessage(report);
  }
}

/** The readers take no shared memory. */
function copyOf({ content }: SharedFile): Uint8Array {
  return new Uint8Array(content).slice();
}

/** What cannot be told as data ends the thread, and with it this task alone. */
function toFailure(error: unknown): AnnotatorReply {
  if (error instanceof UnreadableFileError) {
    return { type: "unreadable", code: error.code, message: error.message };
  }
  if (error instanceof MissingPackageError) {
    const { packageName } = error;
    const purpose = new Map<string, string>(Object.entries(packagePurposes)).get(packageName);
    return { type: "missingPackage", packageName, purpose: purpose ?? "the emulator" };
  }
  throw error;
}

if (parentPort !== null) {
  const worker = new AnnotatorWorker(parentPort);
  parentPort.on("message", (task: AnnotatorTask) => void worker.handle(task));
}

import type { Worker as Thread } from "node:worker_threads";
import type Tesseract from "tesseract.js";
import { findEnglishData, loadPackage } from "./optional-packages.ts";
import { fromPixels, type Pixels, type Sharp } from "./page-image.ts";

/** A box in pixels of the recognised image; the right and lower edges lie outside. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** A symbol or a word; `confidence` is from 0 to 1. */
export interface RecognizedSymbol {
  readonly text: string;
  readonly confidence: number;
  readonly box: Box;
}

/** A word with its symbols. */
export interface RecognizedWord extends RecognizedSymbol {
  readonly symbols: readonly RecognizedSymbol[];
}

/** A line is a list of words, a paragraph of lines, a block of paragraphs: in reading order. */
export type RecognizedBlock = readonly (readonly (readonly RecognizedWord[])[])[];

/** How text is looked for: in `auto` as laid out on a page, in `sparse` anywhere, in no order. */
export type Layout = "auto" | "sparse";

// Numbers of tesseract's PageSegMode and OcrEngineMode, so that the types alone are imported.
const pageSegmentation = { auto: "3", sparse: "11" } as const;
const lstmOnly = 1;

/** Reads text by tesseract with English data; one call at a time. */
export class TextRecognizer {
  readonly #sharp: Sharp;
  readonly #worker: Tesseract.Worker;
  #layout: Layout | undefined;

  private constructor(sharp: Sharp, worker: Tesseract.Worker) {
    this.#sharp = sharp;
    this.#worker = worker;
  }

  /**
   * Loads the engine and its data from the installed packages; nothing is fetched or cached.
   * @throws MissingPackageError
   */
  static async start(sharp: Sharp): Promise<TextRecognizer> {
    const { createWorker } = await loadPackage("tesseract.js", async () => {
      const module = await import("tesseract.js");
      return module.default;
    });
    const langPath = await findEnglishData();
    const worker = await new Promise<Tesseract.Worker>((resolve, reject) => {
      // A failure to load the data reaches nothing but this handler; later ones reject their own call too.
      const errorHandler = (error: unknown): void => reject(new Error(String(error)));
      const options = { langPath, gzip: true, cacheMethod: "none", errorHandler };
      createWorker("eng", lstmOnly, options).then(resolve, reject);
    });
    silence(worker);
    return new TextRecognizer(sharp, worker);
  }

  /** The text of an image; empty where there is none. */
  async recognize(pixels: Pixels, layout: Layout): Promise<readonly RecognizedBlock[]> {
    if (this.#layout !== layout) {
      const tessedit_pageseg_mode = pageSegmentation[layout] as Tesseract.PSM;
      await this.#worker.setParameters({ tessedit_pageseg_mode });
      this.#layout = layout;
    }
    const image = await toGreymap(this.#sharp, pixels);
    const { data } = await this.#worker.recognize(image, {}, { blocks: true, text: false });
    return (data.blocks ?? []).map(toBlock);
  }
}

/** Its notes on odd pixels would otherwise come out on the emulator's stderr. */
function silence(worker: Tesseract.Worker): void {
  // The thread is part of what createWorker returns, though not of its types.
  const { worker: thread } = worker as unknown as { readonly worker: Thread };
  thread.stderr.unpipe(process.stderr);
  thread.stderr.resume();
}

/** A portable greymap: the one format that costs neither side any encoding. */
async function toGreymap(sharp: Sharp, pixels: Pixels): Promise<Buffer> {
  const grey = await fromPixels(sharp, pixels).greyscale().raw().toBuffer();
  return Buffer.concat([Buffer.from(`P5\n${pixels.width} ${pixels.height}\n255\n`), grey]);
}

function toBlock(block: Tesseract.Block): RecognizedBlock {
  return block.paragraphs.map(({ lines }) => lines.map(({ words }) => words.map(toWord)));
}

function toWord(word: Tesseract.Word): RecognizedWord {
  return { ...toSymbol(word), symbols: word.symbols.map(toSymbol) };
}

function toSymbol(symbol: Tesseract.Symbol | Tesseract.Word): RecognizedSymbol {
  const { text, confidence, bbox } = symbol;
  return { text, confidence: confidence / 100, box: bbox };
}

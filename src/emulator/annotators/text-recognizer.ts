import type { Worker as Thread } from "node:worker_threads";
import type Tesseract from "tesseract.js";
import type { Box } from "./bounding-poly.ts";
import { findEnglishData, loadPackage } from "./optional-packages.ts";
import { fromPixels, type Pixels, type Sharp } from "./page-image.ts";

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

// Numbers of tesseract's PageSegMode and OcrEngineMode, so that its types alone are imported. Looking
// for sparse text instead of a layout found no more on photos and read noise as words.
const automaticLayout = "3" as Tesseract.PSM;
const lstmOnly = 1;

/** Reads text by tesseract with English data; one call at a time. */
export class TextRecognizer {
  readonly #sharp: Sharp;
  readonly #worker: Tesseract.Worker;

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
    await worker.setParameters({ tessedit_pageseg_mode: automaticLayout });
    return new TextRecognizer(sharp, worker);
  }

  /** The text of an image; empty where there is none. */
  async recognize(pixels: Pixels): Promise<readonly RecognizedBlock[]> {
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

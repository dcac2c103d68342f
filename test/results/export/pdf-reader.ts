import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { PDFiumLibrary, type PDFiumPage } from "@hyzyla/pdfium";
import sharp from "sharp";

/** A word and its box in fractions of the page as it is shown, from the top left. */
export interface FoundWord {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A page as a program reads it. */
export interface FoundPage {
  /** As it is shown, in points. */
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly words: readonly FoundWord[];
}

/** Of the library's inside: it has no other way to where text is. */
interface TextModule {
  readonly HEAPF64: Float64Array;
  readonly HEAP32: Int32Array;
  readonly wasmExports: { malloc(bytes: number): number; free(address: number): void };
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(textPage: number): void;
  _FPDFText_CountChars(textPage: number): number;
  _FPDFText_GetUnicode(textPage: number, index: number): number;
  _FPDFText_GetCharBox(textPage: number, index: number, ...addresses: number[]): number;
  _FPDF_PageToDevice(page: number, ...rest: number[]): number;
}

/** Opens a PDF with pdfium. */
export async function readWithPdfium(pdf: Uint8Array): Promise<readonly FoundPage[]> {
  return withPages(pdf, (page) => {
    const { originalWidth: width, originalHeight: height } = page.getOriginalSize();
    return Promise.resolve({ width, height, text: page.getText(), words: wordsOf(page) });
  });
}

/** Draws the pages of a PDF, a pixel for each point: red, green and blue, row by row. */
export async function drawPages(
  pdf: Uint8Array,
): Promise<readonly { readonly width: number; readonly height: number; readonly data: Buffer }[]> {
  return withPages(pdf, async (page) => {
    const { data, width, height } = await page.render({ scale: 1, render: "bitmap" });
    const pixels = sharp(data, { raw: { width, height, channels: 4 } });
    return { width, height, data: await pixels.removeAlpha().raw().toBuffer() };
  });
}

async function withPages<T>(
  pdf: Uint8Array,
  read: (page: PDFiumPage) => Promise<T>,
): Promise<readonly T[]> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(pdf);
  try {
    const found: T[] = [];
    for (const page of document.pages()) found.push(await read(page));
    return found;
  } finally {
    document.destroy();
    library.destroy();
  }
}

function wordsOf(page: PDFiumPage): FoundWord[] {
  const { module, pageIdx } = page as unknown as { module: TextModule; pageIdx: number };
  const textPage = module._FPDFText_LoadPage(pageIdx);
  const memory = module.wasmExports.malloc(32);
  const words: FoundWord[] = [];
  let isOpen = false;
  for (let index = 0; index < module._FPDFText_CountChars(textPage); index++) {
    const letter = String.fromCodePoint(module._FPDFText_GetUnicode(textPage, index));
    if (/\s|\0/.test(letter)) {
      isOpen = false;
      continue;
    }
    const addresses = [memory, memory + 8, memory + 16, memory + 24];
    module._FPDFText_GetCharBox(textPage, index, ...addresses);
    const [left = 0, right = 0, bottom = 0, top = 0] = module.HEAPF64.slice(
      memory / 8,
      memory / 8 + 4,
    );
    const corners = [
      [left, top],
      [right, bottom],
    ].map(([x = 0, y = 0]) => toShown(module, pageIdx, { x, y, memory }));
    const word = isOpen ? words.pop() : undefined;
    const xs = corners.map(([x]) => x);
    const ys = corners.map(([, y]) => y);
    words.push({
      text: (word?.text ?? "") + letter,
      left: Math.min(word?.left ?? 1, ...xs),
      top: Math.min(word?.top ?? 1, ...ys),
      right: Math.max(word?.right ?? 0, ...xs),
      bottom: Math.max(word?.bottom ?? 0, ...ys),
    });
    isOpen = true;
  }
  module.wasmExports.free(memory);
  module._FPDFText_ClosePage(textPage);
  return words;
}

/** By pdfium, so that its reading of a page's rotation and boxes is what is held against ours. */
function toShown(
  module: TextModule,
  page: number,
  { x, y, memory }: { x: number; y: number; memory: number },
): readonly [number, number] {
  const scale = 100_000;
  module._FPDF_PageToDevice(page, 0, 0, scale, scale, 0, x, y, memory, memory + 4);
  const [across = 0, down = 0] = module.HEAP32.slice(memory / 4, memory / 4 + 2);
  return [across / scale, down / scale];
}

/** Whether poppler's `pdftotext` is on this machine. */
export const hasPoppler = spawnSync("pdftotext", ["-v"]).status === 0;

/** Opens a PDF with poppler's `pdftotext`. */
export async function readWithPoppler(pdf: Uint8Array): Promise<readonly FoundPage[]> {
  const folder = await mkdtemp(join(tmpdir(), "vision-batch-pdf-"));
  try {
    const path = join(folder, "a.pdf");
    await writeFile(path, pdf);
    const run = promisify(execFile);
    const { stdout: boxes } = await run("pdftotext", ["-bbox", "-enc", "UTF-8", path, "-"]);
    const { stdout: text } = await run("pdftotext", ["-enc", "UTF-8", path, "-"]);
    const texts = text.split("\f");
    return [...boxes.matchAll(/<page width="(.*?)" height="(.*?)">(.*?)<\/page>/gs)].map(
      ([, width, height, words = ""], place) =>
        toPage({ width: Number(width), height: Number(height), text: texts[place] ?? "" }, words),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function toPage(page: Omit<FoundPage, "words">, xml: string): FoundPage {
  const pattern = /xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)<\/word>/g;
  const words = [...xml.matchAll(pattern)].map(([, left, top, right, bottom, text = ""]) => ({
    text: text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => entities[name] ?? ""),
    left: Number(left) / page.width,
    top: Number(top) / page.height,
    right: Number(right) / page.width,
    bottom: Number(bottom) / page.height,
  }));
  return { ...page, words };
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

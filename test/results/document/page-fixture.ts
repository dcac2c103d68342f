import type { Point } from "../../../src/results/document/shape.ts";
import type {
  BlockJson,
  PageJson,
  ParagraphJson,
} from "../../../src/results/document/full-text-words.ts";
import type { ImageResponse } from "../../../src/results/response-types.ts";
import type { SucceededRecord } from "../../../src/results/result-record.ts";

/**
 * A block of a made page: letters are 10 wide and 20 high, or 20 by 20 in columns, and lines
 * are 30 apart.
 */
export interface BlockSpec {
  /** Paragraphs are parted by `\n\n`, lines by `\n`; a line that ends with `-` divides a word. */
  readonly text: string;
  readonly left?: number;
  readonly top?: number;
  readonly mode?: "ltr" | "rtl" | "ttb";
  readonly language?: string;
  readonly type?: string;
}

export interface PageSpec {
  readonly width?: number;
  readonly height?: number;
  /** How the page is turned when it is seen: 90 makes lines run upwards. */
  readonly turn?: 0 | 90 | 180 | -90;
  readonly blocks: readonly BlockSpec[];
  /** What corners are given in. Default pixels. */
  readonly unit?: "vertices" | "normalizedVertices";
  readonly withoutSymbolBoxes?: boolean;
}

type WordJson = NonNullable<ParagraphJson["words"]>[number];

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** Makes a page as the service would answer it. */
export function makePage(spec: PageSpec): PageJson {
  const { width = 1000, height = 1400, turn = 0 } = spec;
  const isTurned = turn === 90 || turn === -90;
  return {
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    blocks: spec.blocks.map((block) => makeBlock(block, spec)),
  };
}

/** Makes the record of a page. */
export function recordOf(page: PageJson, fields: Partial<SucceededRecord> = {}): SucceededRecord {
  const response: ImageResponse = { fullTextAnnotation: { pages: [page] } };
  return { status: "succeeded", index: 0, uri: "gs://in/scan.png", response, ...fields };
}

/** Makes the record of a page with these blocks, each below the one before. */
export function recordOfText(...texts: readonly string[]): SucceededRecord {
  const blocks = texts.map((text, i) => ({ text, top: 100 + i * 200 }));
  return recordOf(makePage({ blocks }));
}

/** Makes the records of a document with one page a text. */
export function documentOf(texts: readonly string[], uri = "gs://in/book.pdf"): SucceededRecord[] {
  return texts.map((text, i) => {
    const blocks = text === "" ? [] : [{ text }];
    return recordOf(makePage({ blocks }), { uri, page: i + 1 });
  });
}

function makeBlock(block: BlockSpec, page: PageSpec): BlockJson {
  const paragraphs = block.text.split("\n\n");
  let line = 0;
  return {
    blockType: block.type ?? "TEXT",
    paragraphs: paragraphs
      .filter((text) => text !== "")
      .map((text) => {
        const lines = text.split("\n");
        const first = line;
        line += lines.length;
        const words = lines.flatMap((each, i) =>
          makeLine(each, { block, page, line: first + i, isLast: i === lines.length - 1 }),
        );
        const property = {
          detectedLanguages: block.language === undefined ? [] : [{ languageCode: block.language }],
        };
        return { words, property };
      }),
  };
}

interface LineContext {
  readonly block: BlockSpec;
  readonly page: PageSpec;
  readonly line: number;
  readonly isLast: boolean;
}

function makeLine(text: string, context: LineContext): WordJson[] {
  const isDivided = text.endsWith("-") && !context.isLast;
  const words = (isDivided ? text.slice(0, -1) : text).split(" ");
  let letter = 0;
  return words.map((word, i) => {
    const symbols = Array.from(graphemes.segment(word), ({ segment }) => segment);
    const first = letter;
    letter += symbols.length + 1;
    const ending = isDivided ? "HYPHEN" : context.isLast ? "LINE_BREAK" : "EOL_SURE_SPACE";
    const type = i < words.length - 1 ? "SPACE" : ending;
    return makeWord(symbols, first, { ...context, type });
  });
}

function makeWord(
  symbols: readonly string[],
  first: number,
  { block, page, line, type }: LineContext & { readonly type: string },
): WordJson {
  const boxOf = (from: number, count: number): NonNullable<WordJson["boundingBox"]> =>
    cornersOf(letters(block, line, { from, count }), page);
  return {
    boundingBox: boxOf(first, symbols.length),
    confidence: 0.9,
    symbols: symbols.map((text, i) => ({
      text,
      ...(page.withoutSymbolBoxes === true ? {} : { boundingBox: boxOf(first + i, 1) }),
      ...(i === symbols.length - 1 ? { property: { detectedBreak: { type } } } : {}),
    })),
  };
}

function letters(
  { left = 100, top = 100, mode = "ltr" }: BlockSpec,
  line: number,
  { from, count }: { readonly from: number; readonly count: number },
): Rectangle {
  const long = count * 10;
  if (mode === "ttb") {
    return { left: left - line * 30, top: top + from * 20, width: 20, height: long * 2 };
  }
  const start = mode === "ltr" ? left + from * 10 : left - (from + count) * 10;
  return { left: start, top: top + line * 30, width: long, height: 20 };
}

function cornersOf(
  { left, top, width, height }: Rectangle,
  page: PageSpec,
): NonNullable<WordJson["boundingBox"]> {
  const right = left + width;
  const bottom = top + height;
  const level = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  const corners = level.map((corner) => turnOnPage(corner, page));
  if (page.unit !== "normalizedVertices") return { vertices: corners };
  const { width: wide = 1, height: high = 1 } = makePage({ ...page, blocks: [] });
  return { normalizedVertices: corners.map(({ x, y }) => ({ x: x / wide, y: y / high })) };
}

function turnOnPage({ x, y }: Point, { width = 1000, height = 1400, turn = 0 }: PageSpec): Point {
  if (turn === 90) return { x: y, y: width - x };
  if (turn === -90) return { x: height - y, y: x };
  return turn === 180 ? { x: width - x, y: height - y } : { x, y };
}

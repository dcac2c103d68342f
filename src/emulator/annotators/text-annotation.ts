import { enclosingBox, polygonsOf, type ToPolygon } from "./bounding-poly.ts";
import type { PageImage } from "./page-image.ts";
import type {
  AnnotateImageResponseJson,
  BlockJson,
  BreakTypeJson,
  ParagraphJson,
  SymbolJson,
  TextAnnotationJson,
  TextEntityJson,
  WordJson,
} from "./response-json.ts";
import type { RecognizedBlock, RecognizedWord } from "./text-recognizer.ts";

type Paragraph = RecognizedBlock[number];

const english = { detectedLanguages: [{ languageCode: "en" }] } as const;

const breakText: Readonly<Record<BreakTypeJson, string>> = {
  SPACE: " ",
  EOL_SURE_SPACE: "\n",
  LINE_BREAK: "\n",
};

/** Leaves out the words that are less sure than `minConfidence` (0 to 1), and what is empty then. */
export function dropDoubtfulWords(
  blocks: readonly RecognizedBlock[],
  minConfidence: number,
): readonly RecognizedBlock[] {
  const keep = (word: RecognizedWord): boolean =>
    word.confidence >= minConfidence && word.text.trim() !== "" && word.symbols.length > 0;
  return blocks
    .map((block) =>
      block
        .map((lines) => lines.map((words) => words.filter(keep)).filter(notEmpty))
        .filter(notEmpty),
    )
    .filter(notEmpty);
}

/**
 * The text fields of a response. An image has `textAnnotations` (the whole text, then every word)
 * beside `fullTextAnnotation`, a page of a file the latter only; on a page of a PDF symbols have no
 * boxes. A page without text has neither field.
 */
export function toTextFields(
  blocks: readonly RecognizedBlock[],
  image: PageImage,
  kind: "image" | "page",
): AnnotateImageResponseJson {
  if (blocks.length === 0) return {};
  const fullTextAnnotation = toTextAnnotation(blocks, image);
  if (kind === "page") return { fullTextAnnotation };
  const textAnnotations = toEntities(blocks, fullTextAnnotation.text, polygonsOf(image));
  return { textAnnotations, fullTextAnnotation };
}

function toTextAnnotation(
  blocks: readonly RecognizedBlock[],
  image: PageImage,
): TextAnnotationJson {
  const writer = new PageWriter(image);
  const page = {
    property: english,
    width: Math.round(image.width),
    height: Math.round(image.height),
    blocks: blocks.map((block) => writer.block(block)),
    confidence: meanConfidence(blocks.flat(3)),
  };
  return { pages: [page], text: writer.text.trimEnd() };
}

function toEntities(
  blocks: readonly RecognizedBlock[],
  text: string,
  toPolygon: ToPolygon,
): readonly TextEntityJson[] {
  const words = blocks.flat(3);
  const whole = enclosingBox(words.map(({ box }) => box));
  return [
    { locale: "en", description: text, boundingPoly: toPolygon(whole) },
    ...words.map((word) => ({ description: word.text, boundingPoly: toPolygon(word.box) })),
  ];
}

/** Writes the structure of a page and, from the symbols and breaks that it writes, the text. */
class PageWriter {
  text = "";
  readonly #toPolygon: ToPolygon;
  readonly #symbolBoxes: boolean;

  constructor(image: PageImage) {
    this.#toPolygon = polygonsOf(image);
    this.#symbolBoxes = image.unit === "pixel";
  }

  block(block: RecognizedBlock): BlockJson {
    const words = block.flat(2);
    return {
      boundingBox: this.#around(words),
      paragraphs: block.map((paragraph) => this.#paragraph(paragraph)),
      blockType: "TEXT",
      confidence: meanConfidence(words),
    };
  }

  #paragraph(lines: Paragraph): ParagraphJson {
    const words = lines.flat();
    const written = lines.flatMap((line, n) => {
      const endOfLine = n === lines.length - 1 ? "LINE_BREAK" : "EOL_SURE_SPACE";
      return line.map((word, m) => this.#word(word, m === line.length - 1 ? endOfLine : "SPACE"));
    });
    return {
      boundingBox: this.#around(words),
      words: written,
      confidence: meanConfidence(words),
    };
  }

  #word(word: RecognizedWord, breakType: BreakTypeJson): WordJson {
    this.text += word.symbols.map(({ text }) => text).join("") + breakText[breakType];
    return {
      property: english,
      boundingBox: this.#toPolygon(word.box),
      symbols: word.symbols.map((symbol, n): SymbolJson => {
        const last = n === word.symbols.length - 1;
        return {
          ...(last ? { property: { detectedBreak: { type: breakType } } } : {}),
          ...(this.#symbolBoxes ? { boundingBox: this.#toPolygon(symbol.box) } : {}),
          text: symbol.text,
          confidence: round(symbol.confidence),
        };
      }),
      confidence: round(word.confidence),
    };
  }

  #around(words: readonly RecognizedWord[]): ReturnType<ToPolygon> {
    return this.#toPolygon(enclosingBox(words.map(({ box }) => box)));
  }
}

function meanConfidence(words: readonly RecognizedWord[]): number {
  return round(words.reduce((sum, { confidence }) => sum + confidence, 0) / words.length);
}

function round(confidence: number): number {
  return Math.round(Math.min(1, Math.max(0, confidence)) * 1e6) / 1e6;
}

function notEmpty(list: readonly unknown[]): boolean {
  return list.length > 0;
}

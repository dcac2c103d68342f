import type {
  BlockView,
  Box,
  LineView,
  PageView,
  ParagraphView,
  WordView,
  WritingDirection,
} from "../document/index.ts";
import { extentsOf } from "../document/shape.ts";
import type { PageFrame, Rectangle } from "./page-frame.ts";
import { xmlAttributes } from "./xml-text.ts";

/** How a page is written. */
export interface AltoPageOptions {
  /** The place of the page in the file, from 1. */
  readonly place: number;
  /** Whether the file's description names another source. */
  readonly isOfOtherSource: boolean;
  readonly glyphs: boolean;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** What a word is a part of, and what is read with it where it is divided. */
interface WordContext {
  readonly language: string | undefined;
  readonly substitution: Attributes;
}

/** Writes one page of an ALTO file. */
export class AltoPageWriter {
  readonly #page: PageView;
  readonly #frame: PageFrame;
  readonly #options: AltoPageOptions;
  readonly #counts: Record<string, number> = {};

  constructor(page: PageView, frame: PageFrame, options: AltoPageOptions) {
    this.#page = page;
    this.#frame = frame;
    this.#options = options;
  }

  /** The `Page` element with all that is in it. */
  write(): string {
    const { uri, number, confidence, languages, blocks } = this.#page;
    const { width, height } = this.#frame;
    const attributes = xmlAttributes({
      ID: `page_${this.#options.place}`,
      PHYSICAL_IMG_NR: number,
      PAGECLASS: this.#options.isOfOtherSource ? uri : undefined,
      WIDTH: width > 0 ? round(width) : undefined,
      HEIGHT: height > 0 ? round(height) : undefined,
      PC: toShare(confidence),
      LANG: languages[0],
      QUALITY_DETAIL: problemOf(this.#page),
    });
    const content = blocks.map((block) => this.#block(block)).join("");
    if (content === "") return `<Page${attributes}/>\n`;
    const space = xmlAttributes(this.#printSpace());
    return `<Page${attributes}>\n<PrintSpace${space}>\n${content}</PrintSpace>\n</Page>\n`;
  }

  /** What the blocks cover together. */
  #printSpace(): Attributes {
    const places = this.#page.blocks.flatMap(({ box }) => this.#frame.place(box) ?? []);
    if (places.length === 0) return {};
    const corners = places.flatMap(({ left, top, width, height }) => [
      { x: left, y: top },
      { x: left + width, y: top + height },
    ]);
    const { left, top, right, bottom } = extentsOf(corners);
    return toAttributes({ left, top, width: right - left, height: bottom - top });
  }

  /** A block is a text block, or is composed of several; without text it is what its type says. */
  #block(block: BlockView): string {
    const { type, box } = block;
    const paragraphs = block.paragraphs.filter(({ lines }) => lines.length > 0);
    if (paragraphs.length === 0) return this.#graphic(block);
    const language = block.languages[0] ?? this.#page.languages[0];
    const content = paragraphs.map((paragraph) => this.#paragraph(paragraph, language)).join("");
    if (paragraphs.length === 1 && type === "TEXT") return content;
    const attributes = xmlAttributes({
      ID: this.#id("block"),
      ...this.#place(box),
      TYPE: type === "TEXT" ? undefined : type.toLowerCase(),
    });
    return `<ComposedBlock${attributes}>\n${content}</ComposedBlock>\n`;
  }

  #graphic({ type, box }: BlockView): string {
    if (box === undefined || type === "TEXT") return "";
    const attributes = { ID: this.#id("block"), ...this.#place(box) };
    if (type === "RULER") return `<GraphicalElement${xmlAttributes(attributes)}/>\n`;
    return `<Illustration${xmlAttributes({ ...attributes, TYPE: type.toLowerCase() })}/>\n`;
  }

  #paragraph(paragraph: ParagraphView, around: string | undefined): string {
    const { lines, box, direction } = paragraph;
    const language = paragraph.languages[0] ?? around;
    const attributes = xmlAttributes({
      ID: this.#id("par"),
      ...this.#place(box),
      ROTATION: box === undefined || box.angle === 0 ? undefined : box.angle,
      LANG: language === this.#page.languages[0] ? undefined : language,
      BASEDIRECTION: direction === "ltr" ? undefined : direction,
    });
    const content = lines.map((line, i) => {
      const around = { before: lines[i - 1], after: lines[i + 1] };
      return this.#line(line, { language, direction, ...around });
    });
    return `<TextBlock${attributes}>\n${content.join("")}</TextBlock>\n`;
  }

  #line(line: LineView, context: LineContext): string {
    const { box, direction, words, ending } = line;
    const attributes = xmlAttributes({
      ID: this.#id("line"),
      ...this.#place(box),
      BASEDIRECTION: direction === context.direction ? undefined : direction,
    });
    const { language } = context;
    const strings = words.map((word) => {
      const substitution = substitutionOf(word, line, context);
      return this.#word(word, { language, substitution }) + (word.separator === " " ? "<SP/>" : "");
    });
    const hyphen = ending === "hyphen" ? '<HYP CONTENT="-"/>' : "";
    return `<TextLine${attributes}>${strings.join("")}${hyphen}</TextLine>\n`;
  }

  #word(word: WordView, { language, substitution }: WordContext): string {
    const own = word.languages[0] ?? language;
    const attributes = xmlAttributes({
      ID: this.#id("word"),
      CONTENT: word.text,
      ...this.#place(word.box),
      WC: toShare(word.confidence),
      LANG: own === language ? undefined : own,
      ...substitution,
    });
    const glyphs = this.#options.glyphs ? this.#glyphs(word) : "";
    return glyphs === "" ? `<String${attributes}/>` : `<String${attributes}>${glyphs}</String>`;
  }

  /** A glyph is one code point, so that a word with a symbol of several has none. */
  #glyphs({ symbols }: WordView): string {
    if (!symbols.every(({ text }) => /^.$/su.test(text))) return "";
    return symbols
      .map(({ text, box, confidence }) => {
        const attributes = { CONTENT: text, GC: toShare(confidence), ...this.#place(box) };
        return `<Glyph${xmlAttributes(attributes)}/>`;
      })
      .join("");
  }

  #place(box: Box | undefined): Attributes {
    const place = this.#frame.place(box);
    return place === undefined ? {} : toAttributes(place);
  }

  #id(kind: string): string {
    const count = (this.#counts[kind] ?? 0) + 1;
    this.#counts[kind] = count;
    return `${kind}_${this.#options.place}_${count}`;
  }
}

interface LineContext {
  readonly language: string | undefined;
  readonly direction: WritingDirection;
  readonly before: LineView | undefined;
  readonly after: LineView | undefined;
}

/** Both parts of a word that is divided between lines have the whole word. */
function substitutionOf(
  word: WordView,
  line: LineView,
  { before, after }: LineContext,
): Attributes {
  const next = after?.words[0];
  if (line.ending === "hyphen" && word === line.words.at(-1) && next !== undefined) {
    return { SUBS_TYPE: "HypPart1", SUBS_CONTENT: word.text + next.text };
  }
  const last = before?.words.at(-1);
  if (before?.ending === "hyphen" && word === line.words[0] && last !== undefined) {
    return { SUBS_TYPE: "HypPart2", SUBS_CONTENT: last.text + word.text };
  }
  return {};
}

function problemOf({ status, error }: PageView): string | undefined {
  if (status === "succeeded") return undefined;
  return error === undefined ? status : `${status}: ${error.message}`;
}

function toAttributes({ left, top, width, height }: Rectangle): Attributes {
  return { HPOS: round(left), VPOS: round(top), WIDTH: round(width), HEIGHT: round(height) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function toShare(confidence: number | undefined): number | undefined {
  return confidence === undefined ? undefined : Math.round(confidence * 10_000) / 10_000;
}

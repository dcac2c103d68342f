import { uniteBoxes, type Box, type PageSize } from "./box.ts";
import type { WordDraft } from "./full-text-words.ts";
import type { BlockView, LineView, ParagraphView, SymbolView, WordView } from "./page-view.ts";
import { extentsOf, turnLevel, type Point } from "./shape.ts";
import { canBeVertical, horizontalDirection, type WritingDirection } from "./writing-direction.ts";

/** What a part of a page is made of beside its content. */
export type PartFields = Pick<ParagraphView, "box" | "confidence" | "languages">;

/** A word whose place is set when its page is laid out. */
export class Word implements WordView {
  readonly text: string;
  readonly box: Box | undefined;
  readonly confidence: number | undefined;
  readonly languages: readonly string[];
  readonly separator: WordView["separator"];
  start = 0;
  readonly #symbolsFrom: WordDraft["symbolsFrom"];

  constructor(draft: WordDraft, isLast: boolean) {
    this.text = draft.text;
    this.box = draft.box;
    this.confidence = draft.confidence;
    this.languages = draft.languages;
    this.#symbolsFrom = draft.symbolsFrom;
    this.separator = isLast ? "\n" : draft.ending === "none" ? "" : " ";
  }

  get end(): number {
    return this.start + this.text.length;
  }

  get symbols(): readonly SymbolView[] {
    return this.#symbolsFrom(this.start);
  }
}

/** A line whose place is set when its page is laid out. */
export class Line implements LineView {
  readonly words: readonly Word[];
  readonly ending: LineView["ending"];
  readonly box: Box | undefined;
  readonly text: string;
  direction: WritingDirection;
  start = 0;

  constructor(drafts: readonly WordDraft[], size: PageSize | undefined) {
    const ending = drafts.at(-1)?.ending;
    this.ending = ending === "hyphen" || ending === "wrap" ? ending : "end";
    this.words = drafts.map((draft, place) => new Word(draft, place === drafts.length - 1));
    this.box = uniteBoxes(
      this.words.map((word) => word.box),
      size,
    );
    const last = this.words.length - 1;
    const words = this.words.map(({ text, separator }, i) => (i < last ? text + separator : text));
    this.text = words.join("") + (this.ending === "hyphen" ? "-" : "");
    this.direction = runsDown(this) ? "ttb" : "ltr";
  }

  get end(): number {
    return this.start + this.text.length;
  }
}

/** A paragraph whose place is set when its page is laid out. */
export class Paragraph implements ParagraphView {
  readonly lines: readonly Line[];
  readonly box: Box | undefined;
  readonly confidence: number | undefined;
  readonly languages: readonly string[];
  readonly direction: WritingDirection;
  readonly text: string;
  start = 0;

  constructor(drafts: readonly WordDraft[], fields: PartFields, size: PageSize | undefined) {
    this.lines = splitLines(drafts).map((line) => new Line(line, size));
    const boxes = this.lines.map((line) => line.box);
    this.box = fields.box ?? uniteBoxes(boxes, size);
    this.confidence = fields.confidence;
    this.languages = fields.languages;
    this.text = this.lines.map((line) => line.text).join("\n");
    this.direction = directLines(this.lines, this.text);
  }

  get end(): number {
    return this.start + this.text.length;
  }
}

/** A block whose place is set when its page is laid out. */
export class Block implements BlockView {
  readonly type: string;
  readonly paragraphs: readonly Paragraph[];
  readonly box: Box | undefined;
  readonly confidence: number | undefined;
  readonly languages: readonly string[];
  readonly text: string;
  start = 0;

  constructor(
    paragraphs: readonly Paragraph[],
    fields: PartFields & { readonly type: string },
    size: PageSize | undefined,
  ) {
    this.type = fields.type;
    this.paragraphs = paragraphs;
    const boxes = paragraphs.map((paragraph) => paragraph.box);
    this.box = fields.box ?? uniteBoxes(boxes, size);
    this.confidence = fields.confidence;
    this.languages = fields.languages;
    this.text = joinLines(paragraphs);
  }

  get end(): number {
    return this.start + this.text.length;
  }
}

/** Sets the place of every part in the text of its page, and gives that text. */
export function layOut(blocks: readonly Block[]): string {
  let position = 0;
  for (const block of blocks) {
    block.start = position;
    for (const paragraph of block.paragraphs) {
      paragraph.start = position;
      for (const line of paragraph.lines) position = placeLine(line, position) + 1;
    }
  }
  return joinLines(blocks);
}

/** Joins what has lines; what has none adds no empty line. */
function joinLines(parts: readonly { readonly text: string }[]): string {
  return parts
    .map((part) => part.text)
    .filter((text) => text !== "")
    .join("\n");
}

/** Gives the end of the line. */
function placeLine(line: Line, start: number): number {
  line.start = start;
  let position = start;
  for (const word of line.words) {
    word.start = position;
    position += word.text.length + word.separator.length;
  }
  return line.end;
}

function splitLines(drafts: readonly WordDraft[]): readonly (readonly WordDraft[])[] {
  const lines: WordDraft[][] = [];
  let line: WordDraft[] | undefined;
  for (const draft of drafts) {
    if (line === undefined) lines.push((line = []));
    line.push(draft);
    if (draft.ending !== "none" && draft.ending !== "space") line = undefined;
  }
  return lines;
}

/** A line of numbers is written as its paragraph is. Gives the paragraph's direction. */
function directLines(lines: readonly Line[], text: string): WritingDirection {
  const ofText = horizontalDirection(text) ?? "ltr";
  let down = 0;
  for (const line of lines) {
    if (line.direction === "ttb") down++;
    else line.direction = horizontalDirection(line.text) ?? ofText;
  }
  return down * 2 > lines.length ? "ttb" : ofText;
}

/** Whether letters stand below each other, in a script that is written so. */
function runsDown({ text, words, box }: Line): boolean {
  if (box === undefined || !canBeVertical(text)) return false;
  const symbols = words.flatMap((word) => word.symbols).map((symbol) => symbol.box);
  const hasSymbols = symbols.length > 0 && symbols.every((symbol) => symbol !== undefined);
  const parts = hasSymbols ? symbols : words.map((word) => word.box);
  const centers = parts.flatMap((part) => centerOf(part, box.angle) ?? []);
  const [first, last] = [centers[0], centers.at(-1)];
  if (first === undefined || last === undefined) return false;
  if (first !== last) return last.y - first.y > Math.abs(last.x - first.x);
  // Of one part only its form is known: letters of these scripts are as wide as high.
  const corners = (box.pixels ?? box.normalized)?.corners ?? [];
  const level = corners.map((corner) => turnLevel(corner, box.angle));
  const { left, top, right, bottom } = extentsOf(level);
  return /../su.test(text) && bottom - top > 1.5 * (right - left);
}

function centerOf(box: Box | undefined, angle: number): Point | undefined {
  const shape = box?.pixels ?? box?.normalized;
  if (shape === undefined) return undefined;
  return turnLevel({ x: (shape.left + shape.right) / 2, y: (shape.top + shape.bottom) / 2 }, angle);
}

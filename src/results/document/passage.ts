import { uniteBoxes, type Box, type PageSize } from "./box.ts";
import type { PageView, TextPart, WordView } from "./page-view.ts";

/** Where a passage stands: one box for each line that it touches. */
export interface PassageBox {
  /** The number of the page, from 1. */
  readonly page: number;
  /** The part of the line that belongs to the passage. */
  readonly box: Box;
}

/** A stretch of a document's text with its place. */
export interface TextPassage {
  /** The text as the document has it. */
  readonly text: string;
  /** Offsets in the document's text, in UTF-16 code units. */
  readonly start: number;
  /** Behind its last code unit. */
  readonly end: number;
  /** The words of which it has any part. */
  readonly words: readonly WordView[];
  /** Down to symbols where the response has their boxes, else whole words. */
  readonly boxes: readonly PassageBox[];
}

/** A page and where its text begins in that of its document. */
export interface PlacedPage {
  readonly page: PageView;
  readonly start: number;
}

/** A stretch of text, by offsets. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Reads what stands between two offsets of a document's text. */
export function readPassage(
  pages: readonly PlacedPage[],
  text: string,
  { start, end }: Stretch,
): TextPassage {
  const lines: (readonly WordView[])[] = [];
  const boxes: PassageBox[] = [];
  const first = firstAfter(pages, start);
  for (let i = first; i < pages.length; i++) {
    const placed = pages[i];
    if (placed === undefined || placed.start >= end) break;
    const { page } = placed;
    const stretch = { start: start - placed.start, end: end - placed.start };
    for (const line of page.lines.filter((each) => touches(each, stretch))) {
      const touched = line.words.filter((word) => touches(word, stretch));
      lines.push(touched);
      const parts = touched.flatMap((word) => boxesWithin(word, stretch));
      const box = uniteBoxes(parts, sizeOf(page));
      if (box !== undefined) boxes.push({ page: page.number, box });
    }
  }
  return { text: text.slice(start, end), start, end, words: lines.flat(), boxes };
}

/** The place of the last page that begins at an offset or before. */
function firstAfter(pages: readonly PlacedPage[], offset: number): number {
  let [low, high] = [0, pages.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((pages[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function touches(part: TextPart, { start, end }: Stretch): boolean {
  return part.start < end && part.end > start;
}

function boxesWithin(word: WordView, stretch: Stretch): readonly (Box | undefined)[] {
  if (word.start >= stretch.start && word.end <= stretch.end) return [word.box];
  const symbols = word.symbols.filter((symbol) => touches(symbol, stretch));
  const boxes = symbols.map((symbol) => symbol.box);
  return boxes.length > 0 && boxes.every((box) => box !== undefined) ? boxes : [word.box];
}

function sizeOf({ width, height }: PageView): PageSize | undefined {
  return width === undefined || height === undefined ? undefined : { width, height };
}

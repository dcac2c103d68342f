import type { Box, PageSize, PageView, Point } from "../../document/index.ts";
import { baseLine, characterWidth, type TextFonts } from "./text-fonts.ts";
import { toVisualOrder } from "./visual-order.ts";

/** Turns a point of a page as it is shown, in fractions from the top left, into one of PDF's user space. */
export type ToUserSpace = (point: Point) => Point;

/** Where a word's text runs: from the start of its lower edge along it, and upwards from there. */
interface Frame {
  readonly start: Point;
  readonly along: Point;
  readonly up: Point;
}

/** Where a page's text goes. */
export interface TextTarget {
  readonly fonts: TextFonts;
  readonly toUserSpace: ToUserSpace;
  /** The size in pixels that boxes are told in where the response does not tell it. */
  readonly size: PageSize | undefined;
}

/**
 * The content of a page's invisible text: every word at its box, stretched to its width, and a space up
 * to the next where the text has one. Words without a box are left out.
 */
export function textLayer(page: PageView, target: TextTarget): string {
  const shown: string[] = [];
  for (const { words, direction, ending } of page.lines) {
    const frames = words.map(({ box }) => frameOf(box, direction === "ttb", target));
    words.forEach((word, place) => {
      const frame = frames[place];
      if (frame === undefined || word.text === "") return;
      const isCut = ending === "hyphen" && place === words.length - 1;
      const text = toVisualOrder(isCut ? `${word.text}-` : word.text, direction === "rtl");
      const stretch = stretchOf(frame, frames[place + 1], word.separator !== "");
      shown.push(showWord(text, { frame, stretch, fonts: target.fonts }));
    });
  }
  return shown.length === 0 ? "" : `q\nBT\n3 Tr\n${shown.join("")}ET\nQ\n`;
}

/** What of a line a word and the space on either side of it take, from the word's start, in points. */
interface Stretch {
  readonly spaceBefore: number;
  readonly from: number;
  readonly to: number;
  readonly spaceAfter: number;
}

/**
 * Programs put a space into a gap and none where words touch, whatever the text says. So a word is
 * drawn out to the next where the text has no space between them, and kept off it where it has one.
 */
function stretchOf(frame: Frame, next: Frame | undefined, isSpaced: boolean): Stretch {
  const size = lengthOf(frame.up);
  const length = lengthOf(frame.along);
  const word = { spaceBefore: 0, from: 0, to: length, spaceAfter: 0 };
  const usualSpace = isSpaced ? size * leastGap : 0;
  if (next === undefined) return { ...word, spaceAfter: usualSpace };
  const right = unit(frame.along);
  const start = project(minus(next.start, frame.start), right);
  const end = start + project(next.along, right);
  const isAfter = start + end > length;
  const gap = isAfter ? start - length : -Math.max(start, end);
  const isElsewhere = Math.abs(project(minus(next.start, frame.start), unit(frame.up))) > size;
  if (isElsewhere || gap > size * widestGap || gap < -length * mostCut) {
    return { ...word, [isAfter ? "spaceAfter" : "spaceBefore"]: usualSpace };
  }
  const change = isSpaced ? Math.min(0, gap - size * leastGap) : gap;
  const cut = Math.max(change, -length * mostCut);
  const space = isSpaced ? gap - cut : 0;
  return isAfter
    ? { ...word, to: length + cut, spaceAfter: space }
    : { ...word, from: -cut, spaceBefore: space };
}

/** As shares of the height of a line: what programs take for a space, with some to spare. */
const leastGap = 0.2;
/** Words that are farther apart are not parts of one. */
const widestGap = 1;
/** How much of a word's width is given up for a space. */
const mostCut = 0.5;

function showWord(
  text: string,
  target: { readonly frame: Frame; readonly stretch: Stretch; readonly fonts: TextFonts },
): string {
  const { start, along, up } = target.frame;
  const { spaceBefore, from, to, spaceAfter } = target.stretch;
  const size = Math.max(lengthOf(up), smallest);
  const right = unit(along);
  const top = unit(up);
  const matrix = [right.x, right.y, top.x, top.y].map((value) => rounded(value, 5));
  const back = from - spaceBefore;
  const origin = [
    start.x + up.x * baseLine + right.x * back,
    start.y + up.y * baseLine + right.y * back,
  ];
  const show = (shown: string, width: number): string => {
    if (width <= 0) return "";
    const each = width / Array.from(shown).length;
    const stretch = rounded((100 * each) / (characterWidth * size), 2);
    return target.fonts
      .encode(shown)
      .map(({ font, codes }) => `/${font} ${rounded(size, 2)} Tf ${stretch} Tz <${codes}> Tj\n`)
      .join("");
  };
  const parts = [show(" ", spaceBefore), show(text, Math.max(to - from, smallest))];
  const place = [...matrix, ...origin.map((value) => rounded(value, 2))].join(" ");
  return `${place} Tm\n${parts.join("")}${show(" ", spaceAfter)}`;
}

/** In points: programs may pass over text of no size. */
const smallest = 0.1;

function frameOf(box: Box | undefined, runsDown: boolean, target: TextTarget): Frame | undefined {
  const corners = cornersOf(box, target.size)?.map(target.toUserSpace);
  const [first, second, third, fourth] = corners ?? [];
  if (first === undefined || second === undefined) return undefined;
  if (third === undefined || fourth === undefined) return undefined;
  const along = mean(minus(second, first), minus(third, fourth));
  const up = mean(minus(first, fourth), minus(second, third));
  // Letters below each other are one line of text that is turned to run down.
  return runsDown
    ? { start: first, along: { x: -up.x, y: -up.y }, up: along }
    : { start: fourth, along, up };
}

/** Four corners in fractions of the page. */
function cornersOf(box: Box | undefined, size: PageSize | undefined): readonly Point[] | undefined {
  const [shape, width, height] =
    box?.normalized === undefined
      ? [box?.pixels, size?.width ?? 0, size?.height ?? 0]
      : [box.normalized, 1, 1];
  if (shape === undefined || width === 0 || height === 0) return undefined;
  const { left, top, right, bottom, corners } = shape;
  const rectangle = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  const four = corners.length === 4 ? corners : rectangle;
  return four.map(({ x, y }) => ({ x: x / width, y: y / height }));
}

function minus(a: Point, b: Point): Point {
  return { x: a.x - b.x, y: a.y - b.y };
}

/** How far a vector goes in a direction. */
function project(vector: Point, direction: Point): number {
  return vector.x * direction.x + vector.y * direction.y;
}

function mean(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function lengthOf({ x, y }: Point): number {
  return Math.hypot(x, y);
}

function unit(vector: Point): Point {
  const length = lengthOf(vector);
  return length === 0 ? { x: 1, y: 0 } : { x: vector.x / length, y: vector.y / length };
}

function rounded(value: number, digits: number): number {
  const steps = 10 ** digits;
  return Math.round(value * steps) / steps;
}

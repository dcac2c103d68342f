import type { ItemText } from "../../src/report/report-data.ts";

/** A word of a text and where it stands. */
export interface PlacedWord {
  readonly start: number;
  readonly end: number;
  /** In percent; undefined where it is not known. */
  readonly confidence: number | undefined;
  /** x and y of each corner; empty: it is nowhere. */
  readonly corners: readonly number[];
}

/** A line of a text. */
export interface TextLine {
  readonly start: number;
  readonly end: number;
  readonly direction: "ltr" | "rtl" | "auto";
  readonly runsDown: boolean;
  /** The places of its words among all. */
  readonly words: readonly number[];
}

const unpacked = new WeakMap<ItemText, readonly PlacedWord[]>();

/** The words of a text. */
export function wordsOf(text: ItemText): readonly PlacedWord[] {
  const known = unpacked.get(text);
  if (known !== undefined) return known;
  const words = unpack(text.words);
  unpacked.set(text, words);
  return words;
}

/** The lines of a text, with the words that begin in them. */
export function linesOf(text: ItemText): readonly TextLine[] {
  const words = wordsOf(text);
  let start = 0;
  let next = 0;
  return text.text.split("\n").map((line, place) => {
    const end = start + line.length;
    const own: number[] = [];
    for (; (words[next]?.start ?? Infinity) < end; next++) own.push(next);
    const letter = text.lines[place];
    const direction = letter === undefined ? "auto" : letter === "r" ? "rtl" : "ltr";
    const made: TextLine = { start, end, direction, runsDown: letter === "t", words: own };
    start = end + 1;
    return made;
  });
}

/** Whether most lines run downwards. */
export function runsDown({ lines }: ItemText): boolean {
  return lines.split("t").length - 1 > lines.length / 2;
}

/** An outline as SVG draws it. */
export function outline(corners: readonly number[]): string {
  if (corners.length < 6) return "";
  let path = "";
  for (let at = 0; at < corners.length; at += 2) {
    path += `${at === 0 ? "M" : "L"}${corners[at] ?? 0} ${corners[at + 1] ?? 0}`;
  }
  return `${path}Z`;
}

/** The outlines of all words as SVG draws them, without making the words. */
export function wordOutlines({ words }: ItemText): string {
  let path = "";
  for (let at = 0; at < words.length;) {
    const count = words[at + 3] ?? 0;
    const [a = 0, b = 0, c = 0, d = 0] = [
      words[at + 4],
      words[at + 5],
      words[at + 6],
      words[at + 7],
    ];
    if (count === 4) path += `M${a} ${b}H${c}V${d}H${a}Z`;
    else path += outline(words.slice(at + 4, at + 4 + count));
    at += 4 + count;
  }
  return path;
}

/** Whether a point lies within an outline. */
export function holds(corners: readonly number[], x: number, y: number): boolean {
  let isInside = false;
  for (let at = 0, before = corners.length - 2; at < corners.length; before = at, at += 2) {
    const [ax = 0, ay = 0] = [corners[at], corners[at + 1]];
    const [bx = 0, by = 0] = [corners[before], corners[before + 1]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isInside = !isInside;
  }
  return isInside;
}

function unpack(packed: readonly number[]): readonly PlacedWord[] {
  const words: PlacedWord[] = [];
  let last = 0;
  for (let at = 0; at < packed.length;) {
    const [gap = 0, length = 0, percent = -1, count = 0] = packed.slice(at, at + 4);
    const box = packed.slice(at + 4, at + 4 + count);
    const start = last + gap;
    last = start + length;
    const confidence = percent < 0 ? undefined : percent;
    words.push({ start, end: last, confidence, corners: count === 4 ? rectangle(box) : box });
    at += 4 + count;
  }
  return words;
}

function rectangle([left = 0, top = 0, right = 0, bottom = 0]: readonly number[]): number[] {
  return [left, top, right, top, right, bottom, left, bottom];
}

import type { Box, PageSize, PageView, WritingDirection } from "../results/document/index.ts";
import { packBox, toGrid, type PartCorners } from "./frame.ts";
import { toPercent } from "./percent.ts";
import type { ItemText } from "./report-data.ts";

const letters: Readonly<Record<WritingDirection, string>> = { ltr: "l", rtl: "r", ttb: "t" };

/** The text of a page with the places of its words; undefined where it has none. */
export function itemText(page: PageView, frame: PageSize): ItemText | undefined {
  if (page.text === "") return undefined;
  const words: number[] = [];
  let end = 0;
  for (const word of page.words) {
    const box = word.box === undefined ? [] : packBox(toGrid(cornersOf(word.box), frame));
    words.push(word.start - end, word.text.length, toPercent(word.confidence) ?? -1, box.length);
    words.push(...box);
    end = word.end;
  }
  const confidence = toPercent(page.confidence);
  return {
    ...{ text: page.text, words, languages: page.languages },
    lines: page.lines.map(({ direction }) => letters[direction]).join(""),
    ...(confidence === undefined ? {} : { confidence }),
  };
}

/** The corners of a box in both units. */
export function cornersOf(box: Box): PartCorners {
  const { pixels, normalized } = box;
  return {
    pixels: pixels?.corners.map(({ x, y }) => [x, y] as const),
    normalized: normalized?.corners.map(({ x, y }) => [x, y] as const),
  };
}

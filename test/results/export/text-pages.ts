import type { ResultRecord } from "../../../src/results/index.ts";
import { succeeded } from "./export-records.ts";

/** A word of a page: its corners in pixels, from the top left of its first letter round. */
export interface PlacedWord {
  readonly text: string;
  readonly corners: readonly (readonly [x: number, y: number])[];
  /** What follows it. Default a space. */
  readonly ending?: "SPACE" | "LINE_BREAK" | "HYPHEN" | "none";
}

/** The corners of an upright box. */
export function boxAt(x: number, y: number, width: number, height: number): PlacedWord["corners"] {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

/** Turns corners clockwise around a point, by degrees. */
export function turned(
  corners: PlacedWord["corners"],
  degrees: number,
  [aroundX, aroundY]: readonly [number, number],
): PlacedWord["corners"] {
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  return corners.map(([x, y]) => {
    const [right, down] = [x - aroundX, y - aroundY];
    return [
      Math.round(aroundX + right * cos - down * sin),
      Math.round(aroundY + right * sin + down * cos),
    ];
  });
}

const size = { width: 1000, height: 800 };

/** A record of a page of 1000 by 800 with words, each a paragraph of its own unless they are given in lines. */
export async function textPage(
  lines: readonly (readonly PlacedWord[])[],
  options: { readonly place?: object; readonly normalized?: boolean } = {},
): Promise<ResultRecord> {
  const boxOf = (corners: PlacedWord["corners"]) =>
    options.normalized === true
      ? { normalizedVertices: corners.map(([x, y]) => ({ x: x / size.width, y: y / size.height })) }
      : { vertices: corners.map(([x, y]) => ({ x, y })) };
  const paragraphs = lines.map((words) => ({
    words: words.map(({ text, corners, ending }, place) => {
      const type = ending ?? (place === words.length - 1 ? "LINE_BREAK" : "SPACE");
      const property = type === "none" ? {} : { detectedBreak: { type } };
      return { boundingBox: boxOf(corners), symbols: [{ text, property }] };
    }),
  }));
  return succeeded(
    { fullTextAnnotation: { pages: [{ ...size, blocks: [{ paragraphs }] }] } },
    options.place,
  );
}

import type { Box, PageView, Shape } from "../document/index.ts";

/** A rectangle, from the top left of its page; it may reach beyond the other sides. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The page as formats with places in whole units see it. */
export interface PageFrame {
  readonly width: number;
  readonly height: number;
  /** What a box covers of the page; undefined where there is no box. */
  place(box: Box | undefined): Rectangle | undefined;
}

/** Options of formats that write where words stand. */
export interface FrameOptions {
  /**
   * What every place is multiplied by. Default 1. Results of PDF files are in points: 300 / 72 makes
   * them fit images that were made of the pages at 300 dots per inch.
   */
  readonly scale?: number | undefined;
}

/** Of a page whose size and places are only known as fractions. */
const nominalSize = 10_000;

/** @throws RangeError for a scale that is not above 0. */
export function checkFrame({ scale = 1 }: FrameOptions): void {
  if (!(scale > 0 && scale < Infinity)) throw new RangeError(`scale is ${scale} and not above 0`);
}

/**
 * The frame of a page. A page of unknown size reaches as far as its text; where places are
 * fractions, it is 10,000 wide and high.
 */
export function frameOf(page: PageView, { scale = 1 }: FrameOptions): PageFrame {
  const boxes =
    page.width === undefined ? [...page.blocks, ...page.words].map(({ box }) => box) : [];
  const shapes = boxes.flatMap((box) => box?.pixels ?? []);
  const isFractions = shapes.length === 0 && boxes.some((box) => box !== undefined);
  const unit = isFractions ? nominalSize : scale;
  const { width = reach(shapes, "right"), height = reach(shapes, "bottom") } = page;
  const size = isFractions
    ? { width: nominalSize, height: nominalSize }
    : { width: width * unit, height: height * unit };
  const shapeOf = (box: Box | undefined): Shape | undefined =>
    isFractions ? box?.normalized : box?.pixels;
  return {
    ...size,
    place(box) {
      const shape = shapeOf(box);
      if (shape === undefined) return undefined;
      // Boxes may begin left of the page or above it, where these formats have no numbers.
      const left = Math.max(shape.left * unit, 0);
      const top = Math.max(shape.top * unit, 0);
      const right = Math.max(shape.right * unit, 0);
      const bottom = Math.max(shape.bottom * unit, 0);
      return { left, top, width: right - left, height: bottom - top };
    },
  };
}

function reach(shapes: readonly Shape[], side: "right" | "bottom"): number {
  return shapes.reduce((most, shape) => Math.max(most, shape[side]), 0);
}

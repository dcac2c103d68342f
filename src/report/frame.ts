import type { PageSize } from "../results/document/index.ts";
import { gridSize } from "./report-data.ts";

/** Corners of a part of an image, in pixels or as fractions. */
export interface PartCorners {
  readonly pixels: readonly (readonly [x: number, y: number])[] | undefined;
  readonly normalized: readonly (readonly [x: number, y: number])[] | undefined;
}

/**
 * The size that pixels are of. Where neither the response nor the image tells it, it is as far as the
 * parts reach, so that they are seen in their places to each other.
 */
export function frameOf(size: PageSize | undefined, parts: Iterable<PartCorners>): PageSize {
  if (size !== undefined) return size;
  let [width, height] = [0, 0];
  for (const { pixels = [] } of parts) {
    for (const [x, y] of pixels) {
      width = Math.max(width, x);
      height = Math.max(height, y);
    }
  }
  return { width, height };
}

/** The corners on the grid of the report, `x, y, x, y, ...`; undefined where they are nowhere. */
export function toGrid(
  { pixels, normalized }: PartCorners,
  { width, height }: PageSize,
): number[] | undefined {
  const isScaled = width > 0 && height > 0;
  const corners =
    normalized ??
    (isScaled ? pixels?.map(([x, y]): [number, number] => [x / width, y / height]) : undefined);
  return corners?.flatMap(([x, y]) => [toStep(x), toStep(y)]);
}

/** A box of which four numbers say all takes no more. */
export function packBox(corners: readonly number[] | undefined): readonly number[] {
  if (corners === undefined || corners.length < 4) return [];
  const xs = corners.filter((_, place) => place % 2 === 0);
  const ys = corners.filter((_, place) => place % 2 === 1);
  const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const isTurned = corners.length === 8 && !corners.every((each, i) => isSide(each, box, i % 2));
  return isTurned ? corners : box;
}

/** Corners are whole pixels, so that an upright box may be a little askew. */
const slack = gridSize / 250;

function isSide(value: number, box: readonly number[], axis: number): boolean {
  const [low = 0, high = 0] = [box[axis], box[axis + 2]];
  return Math.min(Math.abs(value - low), Math.abs(value - high)) <= slack;
}

/** What lies far outside is kept near, so that nothing reckons with what no screen shows. */
function toStep(fraction: number): number {
  const step = Math.round(fraction * gridSize);
  return Math.max(-gridSize, Math.min(2 * gridSize, step));
}

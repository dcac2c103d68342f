import type { PageSize } from "../document/index.ts";
import { isCoordinate } from "../document/shape.ts";

/** A point: its distances from the left and from the top. */
export type Point = readonly [x: number, y: number];

/**
 * Tells the size of an image or page that its response does not tell; it is asked where boxes are to be
 * turned from fractions of the size into pixels, or the other way round.
 */
export type SizeOf = (
  uri: string,
  page: number | undefined,
) => PageSize | undefined | Promise<PageSize | undefined>;

/** An upright rectangle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A bounding polygon as both kinds of coordinates, each undefined where it cannot be told. */
export interface Polygon {
  readonly pixels: readonly Point[] | undefined;
  /** As fractions of width and height. */
  readonly normalized: readonly Point[] | undefined;
}

/** A BoundingPoly in proto3 JSON: a coordinate of 0 is absent. */
export interface BoundingPolyJson {
  readonly vertices?: readonly VertexJson[];
  readonly normalizedVertices?: readonly VertexJson[];
}

interface VertexJson {
  readonly x?: unknown;
  readonly y?: unknown;
}

/** Reads a bounding polygon; of the coordinates that it lacks the size tells those that can be told. */
export function readPolygon(
  poly: BoundingPolyJson | undefined,
  size: PageSize | undefined,
): Polygon | undefined {
  const pixels = pointsOf(poly?.vertices);
  const normalized = pointsOf(poly?.normalizedVertices);
  if (pixels === undefined && normalized === undefined) return undefined;
  return {
    pixels: pixels ?? (size && normalized && toPixels(normalized, size)),
    normalized: normalized ?? (size && pixels && toFractions(pixels, size)),
  };
}

/** The smallest upright rectangle around some points. */
export function boxAround(points: readonly Point[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Undefined for no points, and where one is no place. */
function pointsOf(vertices: readonly VertexJson[] | undefined): readonly Point[] | undefined {
  if (vertices === undefined || vertices.length === 0) return undefined;
  const points: Point[] = [];
  for (const { x = 0, y = 0 } of vertices) {
    if (!isCoordinate(x) || !isCoordinate(y)) return undefined;
    points.push([x, y]);
  }
  return points;
}

// Rounded well below what can be seen: products of floats have many digits that say nothing.
function toPixels(points: readonly Point[], { width, height }: PageSize): readonly Point[] {
  return points.map(([x, y]) => [rounded(x * width, 1e3), rounded(y * height, 1e3)]);
}

function toFractions(points: readonly Point[], { width, height }: PageSize): readonly Point[] {
  return points.map(([x, y]) => [rounded(x / width, 1e7), rounded(y / height, 1e7)]);
}

function rounded(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}

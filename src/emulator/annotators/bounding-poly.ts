import type { PageImage } from "./page-image.ts";
import type { BoundingPolyJson, VertexJson } from "./response-json.ts";

/** A box in pixels of the recognised image; the right and lower edges lie outside. */
export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/** Turns a box in the pixels that an annotator worked on into the polygon that the service would tell. */
export type ToPolygon = (box: Box) => BoundingPolyJson;

/** Polygons of an image are in its pixels, those of a PDF's page are normalised. */
export function polygonsOf(image: PageImage): ToPolygon {
  const { pixels } = image;
  if (image.unit === "point") {
    const toVertex = (x: number, y: number): VertexJson =>
      vertex(round(x / pixels.width), round(y / pixels.height));
    return (box) => ({ normalizedVertices: corners(box, toVertex) });
  }
  const scaleX = image.width / pixels.width;
  const scaleY = image.height / pixels.height;
  const toVertex = (x: number, y: number): VertexJson =>
    vertex(Math.round(x * scaleX), Math.round(y * scaleY));
  return (box) => ({ vertices: corners(box, toVertex) });
}

/** The smallest box around boxes; there must be one at least. */
export function enclosingBox(boxes: readonly Box[]): Box {
  return {
    x0: Math.min(...boxes.map((box) => box.x0)),
    y0: Math.min(...boxes.map((box) => box.y0)),
    x1: Math.max(...boxes.map((box) => box.x1)),
    y1: Math.max(...boxes.map((box) => box.y1)),
  };
}

function corners(
  { x0, y0, x1, y1 }: Box,
  toVertex: (x: number, y: number) => VertexJson,
): readonly VertexJson[] {
  return [toVertex(x0, y0), toVertex(x1, y0), toVertex(x1, y1), toVertex(x0, y1)];
}

function vertex(x: number, y: number): VertexJson {
  return { ...(x === 0 ? {} : { x }), ...(y === 0 ? {} : { y }) };
}

function round(ratio: number): number {
  return Math.round(ratio * 1e6) / 1e6;
}

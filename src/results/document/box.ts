import {
  commonAngle,
  extentsOf,
  isCoordinate,
  turnedRectangle,
  type Point,
  type Shape,
  type Unit,
} from "./shape.ts";

/** Where something is on its page. */
export interface Box {
  /**
   * In the unit of the page's size: pixels of an image; for documents points or pixels, whichever the
   * service used. Undefined where only fractions came and the size is not known.
   */
  readonly pixels: Shape | undefined;
  /** As fractions of the page's size. Undefined where only pixels came and the size is not known. */
  readonly normalized: Shape | undefined;
  /** How far the text is turned, in degrees counterclockwise, above -180 and up to 180: 90 runs upwards. */
  readonly angle: number;
}

/** The size of a page, in pixels or points. */
export interface PageSize {
  /** From left to right. */
  readonly width: number;
  /** From top to bottom. */
  readonly height: number;
}

/** A bounding polygon in proto3 JSON, where coordinates of 0 are absent. */
export interface PolygonJson {
  readonly vertices?: readonly Partial<Point>[];
  readonly normalizedVertices?: readonly Partial<Point>[];
}

/** Reads a bounding polygon; undefined where it has no corner, or one that is no place. */
export function readBox(
  polygon: PolygonJson | undefined,
  size: PageSize | undefined,
): Box | undefined {
  if (polygon === undefined) return undefined;
  const hasCorners =
    readShape(polygon.vertices) !== undefined ||
    readShape(polygon.normalizedVertices) !== undefined;
  return hasCorners ? new PolygonBox(polygon, size) : undefined;
}

/**
 * The box around boxes, turned as they are on the whole: its extents are those of all of them, its
 * corners those of the smallest turned rectangle that holds them.
 */
export function uniteBoxes(
  boxes: readonly (Box | undefined)[],
  size: PageSize | undefined,
): Box | undefined {
  const known = boxes.filter((box) => box !== undefined);
  const inPixels = known.map((box) => box.pixels).filter((shape) => shape !== undefined);
  const unit = inPixels.length > 0 ? "pixels" : "normalized";
  const shapes = known.map((box) => box[unit]).filter((shape) => shape !== undefined);
  if (shapes.length === 0) return undefined;
  const angle = commonAngle(shapes, unit);
  const corners = turnedRectangle(
    shapes.flatMap((shape) => shape.corners),
    angle,
  );
  const shape = { ...extentsOf(shapes.flatMap((each) => each.corners)), corners };
  return new UnitedBox({ unit, shape, angle }, size);
}

/** Made anew whenever it is asked for: a document has more words than are worth holding shapes of. */
class PolygonBox implements Box {
  readonly #polygon: PolygonJson;
  readonly #size: PageSize | undefined;

  constructor(polygon: PolygonJson, size: PageSize | undefined) {
    this.#polygon = polygon;
    this.#size = size;
  }

  get pixels(): Shape | undefined {
    const { vertices, normalizedVertices } = this.#polygon;
    return readShape(vertices) ?? toPixels(readShape(normalizedVertices), this.#size);
  }

  get normalized(): Shape | undefined {
    const { vertices, normalizedVertices } = this.#polygon;
    return readShape(normalizedVertices) ?? toFractions(readShape(vertices), this.#size);
  }

  get angle(): number {
    const { pixels } = this;
    return pixels === undefined
      ? commonAngle(
          [this.normalized].flatMap((shape) => shape ?? []),
          "normalized",
        )
      : commonAngle([pixels], "pixels");
  }
}

class UnitedBox implements Box {
  readonly angle: number;
  readonly #unit: Unit;
  readonly #shape: Shape;
  readonly #size: PageSize | undefined;

  constructor(
    { unit, shape, angle }: { unit: Unit; shape: Shape; angle: number },
    size: PageSize | undefined,
  ) {
    this.angle = angle;
    this.#unit = unit;
    this.#shape = shape;
    this.#size = size;
  }

  get pixels(): Shape | undefined {
    return this.#unit === "pixels" ? this.#shape : toPixels(this.#shape, this.#size);
  }

  get normalized(): Shape | undefined {
    return this.#unit === "normalized" ? this.#shape : toFractions(this.#shape, this.#size);
  }
}

function readShape(vertices: readonly Partial<Point>[] | undefined): Shape | undefined {
  if (vertices === undefined || vertices.length === 0) return undefined;
  const corners = vertices.map(({ x = 0, y = 0 }) => ({ x, y }));
  const arePlaces = corners.every(({ x, y }) => isCoordinate(x) && isCoordinate(y));
  return arePlaces ? { ...extentsOf(corners), corners } : undefined;
}

function toPixels(shape: Shape | undefined, size: PageSize | undefined): Shape | undefined {
  if (shape === undefined || size === undefined) return undefined;
  return scale(shape, size.width, size.height);
}

function toFractions(shape: Shape | undefined, size: PageSize | undefined): Shape | undefined {
  if (shape === undefined || size === undefined) return undefined;
  return scale(shape, 1 / size.width, 1 / size.height);
}

function scale({ corners, left, top, right, bottom }: Shape, x: number, y: number): Shape {
  return {
    corners: corners.map((corner) => ({ x: corner.x * x, y: corner.y * y })),
    left: left * x,
    top: top * y,
    right: right * x,
    bottom: bottom * y,
  };
}

/** A point, from the top left of the page. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An area of a page in one unit. Coordinates may lie outside of the page. */
export interface Shape {
  /**
   * Its corners in the order of the service: for text the top left of the first letter, as it is read,
   * then round by the end of the text.
   */
  readonly corners: readonly Point[];
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

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
  readonly width: number;
  readonly height: number;
}

/** A bounding polygon in proto3 JSON, where coordinates of 0 are absent. */
export interface PolygonJson {
  readonly vertices?: readonly Partial<Point>[];
  readonly normalizedVertices?: readonly Partial<Point>[];
}

type Unit = "pixels" | "normalized";

/**
 * How far a corner may be off without its box being turned: corners are whole pixels, so that an
 * edge is off by up to one and the mean of a pair of edges, both ways, by two.
 */
const jitter: Readonly<Record<Unit, number>> = { pixels: 2, normalized: 0.004 };

/** Reads a bounding polygon; undefined where it has no corner or one that is no number. */
export function readBox(
  polygon: PolygonJson | undefined,
  size: PageSize | undefined,
): Box | undefined {
  const pixels = readCorners(polygon?.vertices);
  const normalized = readCorners(polygon?.normalizedVertices);
  const given = {
    ...(pixels === undefined ? {} : { pixels: shapeOf(pixels) }),
    ...(normalized === undefined ? {} : { normalized: shapeOf(normalized) }),
  };
  return pixels === undefined && normalized === undefined ? undefined : new PlacedBox(given, size);
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
  return new PlacedBox({ [unit]: shape }, size, angle);
}

/** The angle of what several shapes hold together, large ones counting for more. */
export function commonAngle(shapes: readonly Shape[], unit: Unit): number {
  const sum = { x: 0, y: 0 };
  for (const { corners } of shapes) {
    const heading = headingOf(corners);
    sum.x += heading.x;
    sum.y += heading.y;
  }
  return angleOf(sum, jitter[unit] * Math.sqrt(shapes.length));
}

/** Turns a point about the origin, so that text of the angle would be level. */
export function turnLevel({ x, y }: Point, angle: number): Point {
  // Quarter turns are exact, so that whole pixels stay whole.
  if (angle === 0) return { x, y };
  if (angle === 90) return { x: -y, y: x };
  if (angle === 180) return { x: -x, y: -y };
  if (angle === -90) return { x: y, y: -x };
  const cos = Math.cos((angle * Math.PI) / 180);
  const sin = Math.sin((angle * Math.PI) / 180);
  return { x: x * cos - y * sin, y: x * sin + y * cos };
}

/** The extents of points. */
export function extentsOf(points: readonly Point[]): Omit<Shape, "corners"> {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return { left, top, right, bottom };
}

class PlacedBox implements Box {
  readonly angle: number;
  readonly #given: Partial<Record<Unit, Shape>>;
  readonly #size: PageSize | undefined;

  constructor(given: Partial<Record<Unit, Shape>>, size: PageSize | undefined, angle?: number) {
    this.#given = given;
    this.#size = size;
    const [unit, shape] =
      this.pixels === undefined ? unitOf("normalized", given) : unitOf("pixels", given);
    this.angle = angle ?? (shape === undefined ? 0 : commonAngle([shape], unit));
  }

  get pixels(): Shape | undefined {
    const { pixels, normalized } = this.#given;
    if (pixels === undefined && normalized !== undefined && this.#size !== undefined) {
      this.#given.pixels = scale(normalized, this.#size.width, this.#size.height);
    }
    return this.#given.pixels;
  }

  get normalized(): Shape | undefined {
    const { pixels, normalized } = this.#given;
    if (normalized === undefined && pixels !== undefined && this.#size !== undefined) {
      this.#given.normalized = scale(pixels, 1 / this.#size.width, 1 / this.#size.height);
    }
    return this.#given.normalized;
  }
}

function unitOf(
  unit: Unit,
  given: Partial<Record<Unit, Shape>>,
): readonly [Unit, Shape | undefined] {
  return [unit, given[unit]];
}

function readCorners(vertices: readonly Partial<Point>[] | undefined): Point[] | undefined {
  const corners = (vertices ?? []).map(({ x, y }) => ({ x: x ?? 0, y: y ?? 0 }));
  const areNumbers = corners.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  return corners.length > 0 && areNumbers ? corners : undefined;
}

function shapeOf(corners: readonly Point[]): Shape {
  return { ...extentsOf(corners), corners };
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

/** Which way text runs and how far: the mean of both long edges, and of both others after a quarter turn. */
function headingOf(corners: readonly Point[]): Point {
  const [first, second, third, fourth] = corners;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) {
    return { x: 1, y: 0 };
  }
  const along = {
    x: second.x - first.x + third.x - fourth.x,
    y: second.y - first.y + third.y - fourth.y,
  };
  const down = {
    x: fourth.x - first.x + third.x - second.x,
    y: fourth.y - first.y + third.y - second.y,
  };
  return { x: (along.x + down.y) / 2, y: (along.y - down.x) / 2 };
}

function angleOf({ x, y }: Point, tolerance: number): number {
  if (Math.abs(y) <= tolerance && Math.abs(x) >= Math.abs(y)) return x < 0 ? 180 : 0;
  if (Math.abs(x) <= tolerance) return y < 0 ? 90 : -90;
  const degrees = (Math.atan2(-y, x) * 180) / Math.PI;
  return Math.round(degrees * 100) / 100;
}

function turnedRectangle(points: readonly Point[], angle: number): readonly Point[] {
  const { left, top, right, bottom } = extentsOf(points.map((point) => turnLevel(point, angle)));
  const level = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  return level.map((corner) => turnLevel(corner, angle === 180 ? 180 : -angle));
}

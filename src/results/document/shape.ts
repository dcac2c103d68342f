/** A point, from the top left of the page. */
export interface Point {
  /** To the right. */
  readonly x: number;
  /** Downwards. */
  readonly y: number;
}

/** An area of a page in one unit. Coordinates may lie outside of the page. */
export interface Shape {
  /**
   * Its corners in the order of the service: for text the top left of the first letter, as it is read,
   * then round by the end of the text.
   */
  readonly corners: readonly Point[];
  /** The least x of its corners. */
  readonly left: number;
  /** The least y of its corners. */
  readonly top: number;
  /** The greatest x of its corners. */
  readonly right: number;
  /** The greatest y of its corners. */
  readonly bottom: number;
}

/**
 * Whether a value is a coordinate. Pixels are 32-bit integers; a fraction may be any float, and beyond
 * this nothing can be reckoned with it. What is no number is told by a string.
 */
export function isCoordinate(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= 2 ** 31;
}

/** What coordinates count: pixels or points, or fractions of the page. */
export type Unit = "pixels" | "normalized";

/**
 * How far a corner may be off without its box being turned: corners are whole pixels, so that an
 * edge is off by up to one and the mean of a pair of edges, both ways, by two.
 */
const jitter: Readonly<Record<Unit, number>> = { pixels: 2, normalized: 0.004 };

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

/** The smallest rectangle, turned by an angle, that holds points; its corners as those of a shape. */
export function turnedRectangle(points: readonly Point[], angle: number): readonly Point[] {
  const { left, top, right, bottom } = extentsOf(points.map((point) => turnLevel(point, angle)));
  const level = [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
  return level.map((corner) => turnLevel(corner, angle === 180 ? 180 : -angle));
}

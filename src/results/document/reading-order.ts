import type { Box } from "./box.ts";
import { extentsOf, turnLevel } from "./shape.ts";
import type { WritingDirection } from "./writing-direction.ts";

/** How a page is read. */
export interface PageReading {
  readonly angle: number;
  readonly direction: WritingDirection;
}

/** An item with its extents on the page as it is read: turned level. */
interface Placed<T> {
  readonly item: T;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Columns are at least this share of the page's width apart, or what lies between is a space. */
const minGap = 0.01;

/**
 * Sorts what has boxes column by column. What spans several columns stands between those above it
 * and those below. Lines that run down make columns that are read from right to left, as text that is
 * written to the left does. The order that is given is kept where places tell nothing, and altogether
 * where an item has no place.
 */
export function orderByColumns<T extends { readonly box: Box | undefined }>(
  items: readonly T[],
  { angle, direction }: PageReading,
): readonly T[] {
  const placed = items.flatMap((item): Placed<T>[] => {
    const shape = item.box?.pixels ?? item.box?.normalized;
    if (shape === undefined) return [];
    return [{ item, ...extentsOf(shape.corners.map((corner) => turnLevel(corner, angle))) }];
  });
  if (placed.length < items.length) return items;
  const { left, right } = extentsOf(
    placed.flatMap((each) => [
      { x: each.left, y: each.top },
      { x: each.right, y: each.bottom },
    ]),
  );
  const context = { minWidth: (right - left) * minGap, fromRight: direction !== "ltr" };
  return order(placed, context).map(({ item }) => item);
}

interface OrderContext {
  readonly minWidth: number;
  readonly fromRight: boolean;
}

function order<T>(items: readonly Placed<T>[], context: OrderContext): readonly Placed<T>[] {
  if (items.length < 2) return items;
  const groups = groupBands(bandsOf(items), context);
  return groups.flatMap((group) => {
    const columns = columnsOf(group, context);
    if (columns.length > 1) return columns.flatMap((column) => order(column, context));
    return group.length < items.length ? order(group, context) : group;
  });
}

/** What has free lines all over the width between it. */
function bandsOf<T>(items: readonly Placed<T>[]): readonly (readonly Placed<T>[])[] {
  return splitAtGaps(items, { from: "top", to: "bottom", minGap: 0 });
}

function columnsOf<T>(
  items: readonly Placed<T>[],
  { minWidth, fromRight }: OrderContext,
): readonly (readonly Placed<T>[])[] {
  const columns = splitAtGaps(items, { from: "left", to: "right", minGap: minWidth });
  return fromRight ? columns.toReversed() : columns;
}

/**
 * Joins a band of several columns with those below it that go on with the columns, so that the
 * columns are read to their ends.
 */
function groupBands<T>(
  bands: readonly (readonly Placed<T>[])[],
  context: OrderContext,
): readonly (readonly Placed<T>[])[] {
  const groups: (readonly Placed<T>[])[] = [];
  for (const band of bands) {
    const last = groups.at(-1);
    const columns = last === undefined ? 1 : columnsOf(last, context).length;
    const joined = [...(last ?? []), ...band];
    if (columns > 1 && columnsOf(joined, context).length >= columns)
      groups[groups.length - 1] = joined;
    else groups.push(band);
  }
  return groups;
}

interface Axis {
  readonly from: "left" | "top";
  readonly to: "right" | "bottom";
  readonly minGap: number;
}

/** Splits along an axis; within a part the given order is kept. */
function splitAtGaps<T>(
  items: readonly Placed<T>[],
  { from, to, minGap }: Axis,
): readonly (readonly Placed<T>[])[] {
  const places = new Map(items.map((item, place) => [item, place]));
  const parts: Placed<T>[][] = [];
  let reached = -Infinity;
  for (const item of items.toSorted((a, b) => a[from] - b[from])) {
    const part = parts.at(-1);
    if (part !== undefined && item[from] <= reached + minGap) part.push(item);
    else parts.push([item]);
    reached = Math.max(reached, item[to]);
  }
  return parts.map((part) => part.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0)));
}

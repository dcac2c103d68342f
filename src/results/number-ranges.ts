/** Whole numbers as ranges of their first and last, in order. */
export type Ranges = readonly (readonly [first: number, last: number])[];

/** The ranges that numbers make up. */
export function toRanges(numbers: Iterable<number>): Ranges {
  const ranges: [number, number][] = [];
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const range = ranges.at(-1);
    if (range !== undefined && number <= range[1] + 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}

/** The numbers in ranges. */
export function fromRanges(ranges: Ranges): number[] {
  return ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
}

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

/** The ranges with one more number, which they do not hold. */
export function withNumber(ranges: Ranges, number: number): Ranges {
  const before = ranges.filter(([, last]) => last < number);
  const after = ranges.slice(before.length);
  const low = before.at(-1)?.[1] === number - 1 ? before.pop() : undefined;
  const high = after[0]?.[0] === number + 1 ? after.shift() : undefined;
  return [...before, [low?.[0] ?? number, high?.[1] ?? number], ...after];
}

/** The numbers in ranges. */
export function fromRanges(ranges: Ranges): number[] {
  const numbers: number[] = [];
  for (const [first, last] of ranges) {
    for (let number = first; number <= last; number++) numbers.push(number);
  }
  return numbers;
}

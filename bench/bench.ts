/** What a figure may be at most or must be at least. */
export interface Bound {
  readonly max?: number;
  readonly min?: number;
}

/** What a benchmark measured and what it is held to. */
export interface BenchResult {
  /** Ratios and counts by name; every bound names one of them. */
  readonly figures: Readonly<Record<string, number>>;
  readonly bounds: Readonly<Record<string, Bound>>;
}

/** A benchmark: runs alone, prints nothing, and reports progress by lines for a person. */
export type Bench = (report: (line: string) => void) => Promise<BenchResult>;

/** Whether every bounded figure is there and within its bound. */
export function isWithinBounds({ figures, bounds }: BenchResult): boolean {
  return Object.entries(bounds).every(([name, bound]) => isWithin(figures[name], bound));
}

/** Whether a figure is a number within its bound. */
export function isWithin(figure = Number.NaN, { max, min }: Bound): boolean {
  return figure <= (max ?? Infinity) && figure >= (min ?? -Infinity);
}

/** The middle value; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error("no values");
  return (low + high) / 2;
}

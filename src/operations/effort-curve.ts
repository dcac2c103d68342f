/**
 * What one read may cost, in milliseconds of lag. The least of `lag + polls * pollWorthMs` is reached
 * when operations whose ends have the hazard h are read every sqrt(2 * pollWorthMs / h): whatever the
 * number is, polls times lag is at its least too; it only says how much of each. With one second, what
 * is learned costs fewer reads and less lag than google-gax's own schedule, for durations that are
 * much the same as for those that are not (`npm run bench -- poll`).
 */
const pollWorthMs = 1000;

/**
 * How ends lie that no sample has shown: anywhere from a second to two days, each factor as likely as
 * another (the service's own polling ends after 24 h). It weighs as much as one sample, so that it counts
 * where there are few, and beyond the longest.
 */
const unseen = { fromMs: 1000, toMs: 48 * 3_600_000, weight: 1 } as const;

/** How far durations differ that are taken to be alike, as a logarithm, before samples say better; it weighs as much as two. */
const expectedSpread = { deviation: 0.3, weight: 2 } as const;
const leastBandwidth = 0.01;
const points = { below: 24, within: 192, above: 40 } as const;

/** How much reading ages of an operation are worth: where the effort has grown by one, it is time for a read. */
export interface EffortCurve {
  /** Ages in milliseconds, growing. */
  readonly agesMs: readonly number[];
  /** The effort up to each age. */
  readonly efforts: readonly number[];
}

/** The curve for durations like those of a sample, in milliseconds, which is not empty. */
export function effortCurve(durationsMs: readonly number[]): EffortCurve {
  const logs = durationsMs.map((ms) => Math.log(Math.max(1, ms))).sort((a, b) => a - b);
  const bandwidth = bandwidthOf(logs);
  const ages = gridOf(logs, bandwidth);
  const agesMs = ages.map((age) => Math.exp(age));
  const efforts = [0];
  let before = survival(logs, bandwidth, ages[0] ?? 0);
  for (let index = 1; index < ages.length; index += 1) {
    const after = survival(logs, bandwidth, ages[index] ?? 0);
    const ends = after > 0 ? Math.log(before / after) : 0;
    const passedMs = (agesMs[index] ?? 0) - (agesMs[index - 1] ?? 0);
    const effort = Math.sqrt((Math.max(0, ends) * passedMs) / (2 * pollWorthMs));
    efforts.push((efforts[index - 1] ?? 0) + effort);
    before = after;
  }
  return { agesMs, efforts };
}

/** The age for the next read after one at `ageMs`; undefined beyond the end of the curve. */
export function nextReadAgeMs({ agesMs, efforts }: EffortCurve, ageMs: number): number | undefined {
  const effort = interpolate(agesMs, efforts, ageMs);
  return effort === undefined ? undefined : interpolate(efforts, agesMs, effort + 1);
}

/** The share of operations that go on at an age (as a logarithm): the kernel estimate of the sample, and what it has not shown. */
function survival(logs: readonly number[], bandwidth: number, age: number): number {
  const from = Math.log(unseen.fromMs);
  const share = (age - from) / (Math.log(unseen.toMs) - from);
  let ended = unseen.weight * Math.min(1, Math.max(0, share));
  for (const log of logs) ended += normalShare((age - log) / bandwidth);
  return 1 - ended / (logs.length + unseen.weight);
}

/** Silverman's rule, with the spread that is expected of few samples. */
function bandwidthOf(logs: readonly number[]): number {
  const count = logs.length;
  const quantile = (share: number): number => logs[Math.floor(share * (count - 1))] ?? 0;
  const mean = logs.reduce((sum, log) => sum + log, 0) / count;
  const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / count);
  const middleHalf = (quantile(0.75) - quantile(0.25)) / 1.34;
  const spread = middleHalf > 0 ? Math.min(deviation, middleHalf) : deviation;
  const { deviation: expected, weight } = expectedSpread;
  const variance = (count * spread ** 2 + weight * expected ** 2) / (count + weight);
  return Math.max(leastBandwidth, 0.9 * Math.sqrt(variance) * count ** -0.2);
}

/** Logarithms of ages: dense where the sample is. */
function gridOf(logs: readonly number[], bandwidth: number): readonly number[] {
  const low = (logs[0] ?? 0) - 4 * bandwidth;
  const high = (logs.at(-1) ?? 0) + 4 * bandwidth;
  const start = Math.min(low, Math.log(unseen.fromMs)) - 1;
  const end = Math.max(high, Math.log(unseen.toMs)) + 1;
  return [
    ...steps(start, low, points.below),
    ...steps(low, high, points.within),
    ...steps(high, end, points.above),
    end,
  ];
}

/** `count` numbers at equal steps, the first included and the end not. */
function steps(first: number, end: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + ((end - first) * index) / count);
}

/** The share of a normal distribution below `z` deviations (Abramowitz and Stegun, 7.1.26). */
function normalShare(z: number): number {
  if (Math.abs(z) > 5) return z > 0 ? 1 : 0;
  const x = Math.abs(z) * Math.SQRT1_2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const above = 0.5 * series * Math.exp(-x * x);
  return z > 0 ? 1 - above : above;
}

/** The value at `x` of a growing function given at points; undefined beyond the last of them. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number | undefined {
  let [low, high] = [0, xs.length - 1];
  if (x > (xs[high] ?? 0)) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) <= x) low = middle;
    else high = middle;
  }
  const [x0, x1, y0, y1] = [xs[low] ?? 0, xs[high] ?? 0, ys[low] ?? 0, ys[high] ?? 0];
  const share = x1 > x0 ? Math.min(1, Math.max(0, (x - x0) / (x1 - x0))) : 0;
  return y0 + (y1 - y0) * share;
}

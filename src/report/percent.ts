/** A score from 0 to 1 in percent; undefined where it is no number. */
export function toPercent(score: number | undefined): number | undefined {
  if (score === undefined || !Number.isFinite(score)) return undefined;
  return Math.round(Math.max(0, Math.min(1, score)) * 100);
}

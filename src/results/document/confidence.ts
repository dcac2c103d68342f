/** A confidence from 0 to 1; undefined where there is none, or one that is no number. */
export function readConfidence(confidence: number | undefined): number | undefined {
  if (confidence === undefined || !Number.isFinite(confidence)) return undefined;
  return Math.min(Math.max(confidence, 0), 1);
}

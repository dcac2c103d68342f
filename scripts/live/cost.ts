import type { Probe } from "./probe.ts";

// Source: https://cloud.google.com/vision/pricing, for IMAGE_PROPERTIES, CROP_HINTS and
// DOCUMENT_TEXT_DETECTION, the only features that the probes ask for.
const dollarsPer1000Units = 1.5;
const pricingPages =
  "https://cloud.google.com/vision/pricing and https://cloud.google.com/storage/pricing";

/** The units that probes are billed for at most, each shared work counted once. */
export function countUnits(probes: readonly Probe[]): number {
  const shared = new Set(probes.flatMap((probe) => probe.shared ?? []));
  return [...probes, ...shared].reduce((sum, { units }) => sum + units, 0);
}

/** What a run costs, for a person to agree to. */
export function describeCost(probes: readonly Probe[], emulated: boolean): string {
  const units = countUnits(probes);
  if (emulated) return `This uses up to ${units} units at an emulator: nothing is billed.\n`;
  const dollars = ((units * dollarsPer1000Units) / 1000).toFixed(2);
  return (
    `This uses up to ${units} units of Cloud Vision, and some hundred requests and less than 1 MB of\n` +
    `Cloud Storage. At the public list price of $${dollarsPer1000Units.toFixed(2)} per 1,000 units (the first 1,000 of each\n` +
    `feature in a month are free) that is at most $${dollars} for Cloud Vision and less than a cent for\n` +
    `Cloud Storage. Prices may differ, now and for you: ${pricingPages}\n`
  );
}

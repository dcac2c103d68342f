import type { LoggedOperation } from "./operation-log.ts";
import type { RawCalls } from "./raw-calls.ts";

/** Whether an operation is still known. */
export interface KnownOperation extends Pick<LoggedOperation, "name" | "purpose"> {
  /** What GetOperation answered. */
  readonly code: string;
  /** Since it was submitted. */
  readonly ageHours: number;
}

/** Asks for every operation by name, one after the other. */
export async function askWhichAreKnown(
  raw: RawCalls,
  operations: readonly LoggedOperation[],
  signal: AbortSignal,
): Promise<readonly KnownOperation[]> {
  const known: KnownOperation[] = [];
  for (const { name, purpose, submittedAt } of operations) {
    const { code } = await raw.operations("getOperation", { name }, signal);
    const ageHours = (Date.now() - Date.parse(submittedAt)) / 3_600_000;
    known.push({ name, purpose, code, ageHours: Number(ageHours.toFixed(2)) });
  }
  return known;
}

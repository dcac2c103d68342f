import { inputStatuses, type ChunkOutcome, type InputStatus } from "../journal/chunk-record.ts";

/** Which inputs of an ended chunk are sent again, and what the chunk tells of them from then on. */
export interface RetryChoice {
  /** Their places within the chunk, from 0, in order. */
  readonly positions: readonly number[];
  /** The chunk's outcome with them as `retried`. */
  readonly outcome: ChunkOutcome;
}

/** What `retryFailed` sends again unless it is told otherwise: all that has no result. */
export const retriedStatuses: readonly InputStatus[] = ["failed", "missing", "notSubmitted"];

/** Chooses the inputs of an ended chunk to be sent again by their statuses; undefined where there is none. */
export function chooseRetries(
  outcome: ChunkOutcome,
  statuses: readonly InputStatus[] = retriedStatuses,
): RetryChoice | undefined {
  const codes = statusCodes(outcome);
  const chosen = new Set(statuses.map((status) => inputStatuses.indexOf(status)));
  const retried = inputStatuses.indexOf("retried");
  chosen.delete(retried);
  const positions: number[] = [];
  codes.forEach((code, position) => {
    if (chosen.has(code)) positions.push(position);
  });
  if (positions.length === 0) return undefined;
  for (const position of positions) codes[position] = retried;
  return { positions, outcome: { ...outcome, counts: countStatuses(codes), statuses: codes } };
}

/** A code an input, also where an outcome tells only that all have the same. */
export function statusCodes({ counts, statuses }: ChunkOutcome): Uint8Array {
  if (statuses !== undefined) return Uint8Array.from(statuses);
  const told = inputStatuses.filter((status) => counts[status] > 0);
  const [only, other] = told;
  if (other !== undefined) throw new Error(`inputs are ${told.join(" and ")}: which is not told`);
  if (only === undefined) return new Uint8Array();
  return new Uint8Array(counts[only]).fill(inputStatuses.indexOf(only));
}

/** Inputs by status, by their codes. */
function countStatuses(codes: Uint8Array): ChunkOutcome["counts"] {
  const counts = inputStatuses.map(() => 0);
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  const entries = inputStatuses.map((status, code) => [status, counts[code]]);
  return Object.fromEntries(entries) as ChunkOutcome["counts"];
}

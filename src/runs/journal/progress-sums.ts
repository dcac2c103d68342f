import {
  chunkStates,
  inputStatuses,
  type AttemptOutcome,
  type ChunkState,
  type InputStatus,
} from "./chunk-record.ts";
import { toCounts, type CountColumns } from "./rows.ts";
import type { AttemptTotals, ChunkTotals, RunProgress } from "./run-progress.ts";

/** The chunks of a run in one state, added up. */
export interface ChunkSums extends CountColumns, ChunkTotals {
  readonly state: ChunkState;
  readonly polls: number;
  readonly undecided: number;
  readonly tried: number;
}

/** The attempts of a run with one outcome, added up. */
export interface AttemptSums extends AttemptTotals {
  readonly outcome: AttemptOutcome | "pending";
}

/** All chunks of a run, by state. */
export function addUpChunks(
  sums: readonly ChunkSums[],
): Pick<RunProgress, "chunks" | "counts" | "polls" | "tried" | "undecided"> {
  const chunks = Object.fromEntries(
    chunkStates.map((state) => [state, { chunks: 0, inputs: 0 }]),
  ) as Record<ChunkState, ChunkTotals>;
  const counts = Object.fromEntries(inputStatuses.map((status) => [status, 0])) as Record<
    InputStatus,
    number
  >;
  let polls = 0;
  let tried = 0;
  let undecided = 0;
  for (const sum of sums) {
    chunks[sum.state] = { chunks: sum.chunks, inputs: sum.inputs };
    polls += sum.polls;
    tried += sum.tried;
    undecided += sum.undecided;
    const each = toCounts(sum);
    for (const status of inputStatuses) counts[status] += each[status];
  }
  return { chunks, counts, polls, tried, undecided };
}

/** All attempts of a run, by outcome. */
export function addUpAttempts(sums: readonly AttemptSums[]): RunProgress["attempts"] {
  const none: AttemptTotals = { attempts: 0, inputs: 0 };
  const totals = { accepted: none, rejected: none, unknown: none, pending: none };
  for (const { outcome, attempts, inputs } of sums) totals[outcome] = { attempts, inputs };
  return totals;
}

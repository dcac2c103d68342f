import {
  chunkStates,
  inputStatuses,
  type AttemptOutcome,
  type ChunkOutcome,
  type ChunkState,
  type InputStatus,
} from "./chunk-record.ts";
import { toCounts, type CountColumns } from "./rows.ts";
import type { AttemptTotals, ChunkTotals, RunProgress } from "./run-progress.ts";

/** The chunks of a run in one state, or some of them, added up. */
export interface ChunkSums extends CountColumns, ChunkTotals {
  readonly state: ChunkState;
  readonly polls: number;
  readonly pages: number;
  readonly undecided: number;
  readonly tried: number;
}

/** The attempts of a run with one outcome, or some of them, added up. */
export interface AttemptSums extends AttemptTotals {
  readonly outcome: AttemptOutcome | "pending";
}

/**
 * As SQL: a chunk that is open, and not one of the many that were never tried. Word for word as in the
 * index `chunk_under_way`.
 */
export const isUnderWay = `(state in ('submitting', 'unknown', 'running', 'collecting')
  or (state = 'planned' and attempt > 0))`;

const countColumns = ["succeeded", "partial", "failed", "missing", "not_submitted", "retried"];
const endedColumns = ["chunks", "inputs", "tried", "polls", "pages", ...countColumns];

/** As SQL: the columns of `ended`. */
export const endedNames = ["run", "state", ...endedColumns].join(", ");
/** As SQL: adds a row of `ended` to the one that is there. */
export const addEnded = added("ended", endedColumns);
/** As SQL: adds a row of `ended_attempt` to the one that is there. */
export const addEndedAttempts = added("ended_attempt", ["attempts", "inputs", "files"]);

function added(table: string, columns: readonly string[]): string {
  return columns.map((column) => `${column} = ${table}.${column} + excluded.${column}`).join(", ");
}

/** As the manifest of a chunk tells; of images there is one each. */
export function pagesOf(outcome: ChunkOutcome | undefined): number {
  return Number(outcome?.manifest?.["pages"] ?? 0);
}

/** All chunks of a run, by state; of those that were never tried nothing but how many they are is known. */
export function addUpChunks(
  sums: readonly ChunkSums[],
  all: ChunkTotals,
): Pick<RunProgress, "chunks" | "counts" | "pages" | "polls" | "tried" | "undecided"> {
  const chunks = Object.fromEntries(
    chunkStates.map((state) => [state, { chunks: 0, inputs: 0 }]),
  ) as Record<ChunkState, ChunkTotals>;
  const counts = Object.fromEntries(inputStatuses.map((status) => [status, 0])) as Record<
    InputStatus,
    number
  >;
  const others = { polls: 0, tried: 0, undecided: 0, pages: 0 };
  let untried = all;
  for (const sum of sums) {
    chunks[sum.state] = plus(chunks[sum.state], sum);
    untried = plus(untried, { chunks: -sum.chunks, inputs: -sum.inputs });
    others.polls += sum.polls;
    others.tried += sum.tried;
    others.undecided += sum.undecided;
    others.pages += sum.pages;
    const each = toCounts(sum);
    for (const status of inputStatuses) counts[status] += each[status];
  }
  chunks.planned = plus(chunks.planned, untried);
  return { chunks, counts, ...others };
}

function plus(a: ChunkTotals, b: ChunkTotals): ChunkTotals {
  return { chunks: a.chunks + b.chunks, inputs: a.inputs + b.inputs };
}

/** All attempts of a run, by outcome. */
export function addUpAttempts(sums: readonly AttemptSums[]): RunProgress["attempts"] {
  const none: AttemptTotals = { attempts: 0, inputs: 0, files: 0 };
  const totals = { accepted: none, rejected: none, unknown: none, pending: none };
  for (const { outcome, attempts, inputs, files } of sums) {
    const { [outcome]: sum } = totals;
    totals[outcome] = {
      attempts: sum.attempts + attempts,
      inputs: sum.inputs + inputs,
      files: sum.files + files,
    };
  }
  return totals;
}

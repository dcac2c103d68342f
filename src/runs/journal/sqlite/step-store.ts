import { endedChunkStates } from "../chunk-record.ts";
import type { AttemptChange, ChunkStep } from "../chunk-writes.ts";
import { addChunkEvents } from "./chunk-events.ts";
import { countEnded } from "./ended-store.ts";
import { changeFlow } from "./flow-store.ts";
import { writeOutcome } from "./outcome-store.ts";
import { toMs, toText } from "../rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** See `Journal.advance`. */
export function advance(database: SqliteDatabase, steps: readonly ChunkStep[]): readonly boolean[] {
  return steps.map((step) => advanceChunk(database, step));
}

function advanceChunk(database: SqliteDatabase, step: ChunkStep): boolean {
  const { claim, nowMs } = step;
  const attempt = writeProgress(database, step);
  if (attempt === undefined) return false;
  if (step.attempt !== undefined) settleAttempt(database, step, { ...step.attempt, attempt });
  if (step.outcome !== undefined) writeOutcome(database, claim, step.outcome);
  if (endedChunkStates.includes(step.progress.state)) countEnded(database, claim, step.outcome);
  addChunkEvents(database, { ...claim, attempt, atMs: nowMs }, step.events);
  if (step.flow !== undefined) {
    const row = database.get("select scope from run where key = :run", {
      run: claim.run,
    }) as { scope: string } | undefined;
    changeFlow(database, row?.scope ?? "", { ...step.flow, nowMs });
  }
  return true;
}

/** The attempt that the chunk is at, or undefined where the claim is lost. */
function writeProgress(
  database: SqliteDatabase,
  { claim, progress, release = false }: ChunkStep,
): number | undefined {
  const { run, number, worker, fence } = claim;
  const { state, dueMs, polls, error, memo } = progress;
  const isEnded = endedChunkStates.includes(state);
  const row = database.get(
    `update chunk set state = :state, due_ms = :due, polls = :polls, error = :error, memo = :memo,
       decision = iif(:state = 'unknown', decision, null),
       worker = iif(:release, null, worker),
       lease_until_ms = iif(:release, null, lease_until_ms)
     where run = :run and number = :number and fence = :fence and worker = :worker
     returning attempt`,
    {
      ...{ run, number, worker, fence, state, polls },
      due: isEnded ? undefined : toMs(dueMs),
      error: toText(error),
      memo: toText(memo),
      release: isEnded || release ? 1 : 0,
    },
  ) as { attempt: number } | undefined;
  return row?.attempt;
}

function settleAttempt(
  database: SqliteDatabase,
  { claim: { run, number }, nowMs }: ChunkStep,
  change: AttemptChange & { readonly attempt: number },
): void {
  const { attempt, outcome, operation, error } = change;
  database.run(
    `update attempt set outcome = :outcome, settled_ms = :now,
       operation = coalesce(:operation, operation), error = coalesce(:error, error)
     where run = :run and number = :number and attempt = :attempt`,
    {
      ...{ run, number, attempt, outcome, now: toMs(nowMs) },
      ...{ operation: toText(operation), error: toText(error) },
    },
  );
}

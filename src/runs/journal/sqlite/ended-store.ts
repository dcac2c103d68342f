import type { ChunkOutcome, ChunkRef, StatusCounts } from "../chunk-record.ts";
import { addEnded, addEndedAttempts, endedNames, pagesOf } from "../progress-sums.ts";
import type { RunKey } from "../run-record.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** Adds a chunk that has just ended to what of its run has, so that no look at the run reads it again. */
export function countEnded(
  database: SqliteDatabase,
  { run, number }: ChunkRef,
  outcome: ChunkOutcome | undefined,
): void {
  database.run(
    `insert into ended (${endedNames})
     select run, state, 1, size, attempt > 0, polls, iif(kind = 'file', :pages, 0),
       succeeded, partial, failed, missing, not_submitted, retried
     from chunk where run = :run and number = :number
     on conflict (run, state) do update set ${addEnded}`,
    { run, number, pages: pagesOf(outcome) },
  );
  database.run(
    `insert into ended_attempt (run, outcome, attempts, inputs, files)
     select run, coalesce(outcome, 'pending'), count(*), sum(size),
       sum(size) * (select kind = 'file' from chunk where run = :run and number = :number)
     from attempt where run = :run and number = :number group by outcome
     on conflict (run, outcome) do update set ${addEndedAttempts}`,
    { run, number },
  );
}

/** Adds all chunks of a run that were never tried, as what they will be: cancelled. */
export function countCancelled(database: SqliteDatabase, run: RunKey): void {
  database.run(
    `insert into ended (${endedNames})
     select run, 'cancelled', count(*), sum(size), 0, sum(polls), 0, 0, 0, 0, 0, sum(size), 0
     from chunk where run = :run and state = 'planned' and attempt = 0 group by run
     on conflict (run, state) do update set ${addEnded}`,
    { run },
  );
}

/** Tells of an ended chunk other counts than are written of it, before they are. */
export function recountEnded(
  database: SqliteDatabase,
  { run, number }: ChunkRef,
  { notSubmitted, ...counts }: StatusCounts,
): void {
  database.run(
    `update ended set succeeded = ended.succeeded - chunk.succeeded + :succeeded,
       partial = ended.partial - chunk.partial + :partial,
       failed = ended.failed - chunk.failed + :failed,
       missing = ended.missing - chunk.missing + :missing,
       not_submitted = ended.not_submitted - chunk.not_submitted + :notSubmitted,
       retried = ended.retried - chunk.retried + :retried
     from chunk
     where chunk.run = :run and chunk.number = :number
       and ended.run = chunk.run and ended.state = chunk.state`,
    { run, number, ...counts, notSubmitted },
  );
}

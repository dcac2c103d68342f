import type { ChunkStep } from "../chunk-writes.ts";
import { addEnded, addEndedAttempts, endedNames, pagesOf } from "../progress-sums.ts";
import type { Queries } from "./queries.ts";

/**
 * Adds chunks that have just ended to what of their runs has, so that no look at a run reads them again.
 * The last statement of its transaction: whoever ends chunks of the same run waits for its end. Rows are
 * taken in their order, so that nobody waits for whoever waits for him.
 */
export async function countEnded(queries: Queries, steps: readonly ChunkStep[]): Promise<void> {
  if (steps.length === 0) return;
  await queries.run(
    `with over as materialized (
       select run, number, state, kind, size, attempt, polls,
         case when kind = 'file' then over.pages else 0 end as pages,
         succeeded, partial, failed, missing, not_submitted, retried
       from unnest(:runs::bigint[], :numbers::integer[], :pages::bigint[])
         as over (run, number, pages) join journal.chunk using (run, number)
     ), tried as (
       insert into journal.ended_attempt (run, outcome, attempts, inputs, files)
       select run, coalesce(outcome, 'pending'), count(*), sum(attempt.size),
         coalesce(sum(attempt.size) filter (where kind = 'file'), 0)
       from over join journal.attempt using (run, number) group by 1, 2 order by 1, 2
       on conflict (run, outcome) do update set ${addEndedAttempts}
     )
     insert into journal.ended (${endedNames})
     select run, state, count(*), sum(size), count(*) filter (where attempt > 0), sum(polls),
       sum(pages), sum(succeeded), sum(partial), sum(failed), sum(missing), sum(not_submitted),
       sum(retried)
     from over group by 1, 2 order by 1, 2
     on conflict (run, state) do update set ${addEnded}`,
    {
      runs: steps.map(({ claim }) => claim.run),
      numbers: steps.map(({ claim }) => claim.number),
      pages: steps.map(({ outcome }) => pagesOf(outcome)),
    },
  );
}

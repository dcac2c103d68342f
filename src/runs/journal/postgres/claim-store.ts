import type { AttemptRow, ChunkRow } from "../rows.ts";
import { toAttempt, toChunk, toMs } from "../rows.ts";
import type { ChunkWithAttempt, Claim } from "../chunk-record.ts";
import type { ClaimRequest, HeldClaim } from "../chunk-writes.ts";
import type { Queries } from "./queries.ts";

/** The states that are asked for, with the runs whose chunks of that state may be claimed. */
const claimable = `
  unnest(:states::text[]) with ordinality as wanted (state, place)
  join journal.run on run.state in ('running', 'cancelling')
    or (run.state = 'paused' and wanted.state <> 'planned')`;

const claimableStates = `select run.key, wanted.state, wanted.place from ${claimable}`;

const isDue = "due_ms <= :now and (lease_until_ms is null or lease_until_ms <= :now)";

/** Asked run by run, so that chunks that wait in other runs cost nothing. */
const candidates = `
  select wanted.place, wanted.state, due.run, due.number, due.due_ms
  from ${claimable}
  cross join lateral (
    select chunk.run, number, due_ms from journal.chunk
    where chunk.run = run.key and state = wanted.state and ${isDue}
    order by due_ms, number limit :limit
  ) as due
  where :runs::bigint[] is null or run.key = any (:runs)
  order by wanted.place, due.due_ms, due.run, due.number limit :limit`;

/** Whether there is something to claim: most of the time there is not, and this writes nothing. */
export async function hasDue(queries: Queries, request: ClaimRequest): Promise<boolean> {
  const { states, runs, chunks, nowMs } = request;
  if (request.limit <= 0) return false;
  // Whoever names chunks has reason to think that they are due.
  if (chunks !== undefined) return chunks.length > 0;
  const values = { states, runs, limit: 1, now: Math.floor(nowMs) };
  return (await queries.get(candidates, values)) !== undefined;
}

/**
 * See `Journal.claim`. How many chunks of which run and state is found first, then as many are locked
 * that nobody else has locked: workers that ask at the same time get different ones of the same. The
 * last limit changes nothing but what the server expects, which else would read the whole table.
 */
export async function claim(
  queries: Queries,
  request: ClaimRequest,
): Promise<readonly ChunkWithAttempt[]> {
  const { states, runs, chunks, limit, worker, nowMs, leaseUntilMs } = request;
  const rows = await queries.all(
    `with ${chunks === undefined ? lockDue : lockGiven}, taken as (
       update journal.chunk set worker = :worker, lease_until_ms = :until, fence = fence + 1
       from locked where chunk.run = locked.run and chunk.number = locked.number
       returning chunk.*, locked.worker as former, locked.place
     ), told as (
       insert into journal.event (run, chunk, at_ms, worker, fence, attempt, type, data)
       select run, number, :at, worker, fence, attempt, 'takenOver',
         json_build_object('from', former)::text
       from taken where former is not null order by run, number
     )
     select taken.*, to_json(tried) as current from taken left join journal.attempt as tried
       on tried.run = taken.run and tried.number = taken.number and tried.attempt = taken.attempt
     order by place, due_ms, taken.run, taken.number`,
    {
      ...{ states, runs, limit, worker, now: Math.floor(nowMs) },
      ...{ at: toMs(nowMs), until: toMs(leaseUntilMs) },
      ...{ ofRuns: chunks?.map(({ run }) => run), numbers: chunks?.map(({ number }) => number) },
    },
  );
  return (rows as readonly ChunkWithCurrent[]).map(withCurrent);
}

const lockDue = `
  share as materialized (
    select run, state, place, count(*) as wanted from (${candidates}) as candidate
    group by run, state, place
  ), locked as materialized (
    select free.*, share.place from share cross join lateral (
      select run, number, due_ms, worker from journal.chunk
      where run = share.run and state = share.state and ${isDue}
      order by due_ms, number limit share.wanted for no key update skip locked
    ) as free limit :limit
  )`;

const lockGiven = `
  locked as materialized (
    select chunk.run, chunk.number, chunk.due_ms, chunk.worker, wanted.place
    from unnest(:ofRuns::bigint[], :numbers::integer[]) as given (run, number)
    join journal.chunk on chunk.run = given.run and chunk.number = given.number
    join (${claimableStates}) as wanted on wanted.key = chunk.run and wanted.state = chunk.state
    where ${isDue} and (:runs::bigint[] is null or chunk.run = any (:runs))
    order by chunk.run, chunk.number limit :limit for no key update of chunk skip locked
  )`;

/** A row of `chunk` with its current attempt beside it. */
export interface ChunkWithCurrent extends ChunkRow {
  readonly current: AttemptRow | null;
}

/** A chunk with its attempt. */
export function withCurrent(row: ChunkWithCurrent): ChunkWithAttempt {
  const { current } = row;
  return { chunk: toChunk(row), ...(current === null ? {} : { attempt: toAttempt(current) }) };
}

/** See `Journal.nextDueMs`. What is claimed is few, and found by the index of its own. */
export async function nextDueMs(
  queries: Queries,
  { states, runs }: Pick<ClaimRequest, "states" | "runs">,
): Promise<number | undefined> {
  const row = (await queries.get(
    `with claimed as materialized (
       select run, state, min(greatest(due_ms, lease_until_ms)) as due from journal.chunk
       where worker is not null and due_ms is not null group by run, state
     )
     select least(min(unclaimed.due), min(claimed.due)) as due
     from ${claimable}
     left join lateral (
       select due_ms as due from journal.chunk
       where chunk.run = run.key and state = wanted.state and due_ms is not null and worker is null
       order by due_ms limit 1
     ) as unclaimed on true
     left join claimed on claimed.run = run.key and claimed.state = wanted.state
     where :runs::bigint[] is null or run.key = any (:runs)`,
    { states, runs },
  )) as { readonly due: number | null } | undefined;
  return row?.due ?? undefined;
}

/** See `Journal.renew`. */
export async function renew(
  queries: Queries,
  worker: string,
  leaseUntilMs: number,
): Promise<readonly HeldClaim[]> {
  const rows = (await queries.all(
    `with held as materialized (
       select run, number from journal.chunk where worker = :worker
       order by run, number for no key update
     )
     update journal.chunk set lease_until_ms = :until
     from held join journal.run on run.key = held.run
     where chunk.run = held.run and chunk.number = held.number and chunk.worker = :worker
     returning chunk.run, chunk.number, chunk.fence, run.state as "runState"`,
    { worker, until: toMs(leaseUntilMs) },
  )) as readonly HeldClaim[];
  return rows.map(({ run, number, fence, runState }) => ({ run, number, worker, fence, runState }));
}

/** See `Journal.release`. */
export async function release(
  queries: Queries,
  worker: string,
  claims?: readonly Claim[],
): Promise<void> {
  await queries.run(
    `with held as materialized (
       select chunk.run, chunk.number from journal.chunk
       where worker = :worker and (:runs::bigint[] is null or (run, number, fence) in (
         select * from unnest(:runs::bigint[], :numbers::integer[], :fences::bigint[])))
       order by run, number for no key update
     )
     update journal.chunk set worker = null, lease_until_ms = null
     from held where chunk.run = held.run and chunk.number = held.number
       and chunk.worker = :worker`,
    {
      worker,
      runs: claims?.map(({ run }) => run),
      numbers: claims?.map(({ number }) => number),
      fences: claims?.map(({ fence }) => fence),
    },
  );
}

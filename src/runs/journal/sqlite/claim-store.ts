import type { ChunkRef, ChunkState, ChunkWithAttempt, Claim } from "../chunk-record.ts";
import type { ClaimRequest, HeldClaim } from "../chunk-writes.ts";
import type { RunKey, RunState } from "../run-record.ts";
import { readChunk } from "./chunk-store.ts";
import { toMs, toText } from "../rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** The runs whose chunks of a state may be claimed. */
function claimableRuns(
  database: SqliteDatabase,
  runs: readonly RunKey[] | undefined,
  state: ChunkState,
): readonly RunKey[] {
  const states: readonly RunState[] =
    state === "planned" ? ["running", "cancelling"] : ["running", "paused", "cancelling"];
  const rows = database.all(
    `select key from run where state in (select value from json_each(:states))
       and (:runs is null or key in (select value from json_each(:runs)))`,
    { states: toText(states), runs: toText(runs) },
  ) as readonly { readonly key: RunKey }[];
  return rows.map(({ key }) => key);
}

interface DueRow {
  readonly run: number;
  readonly number: number;
  readonly worker: string | null;
  readonly due: number;
}

/** See `Journal.claim`. */
export function claim(
  database: SqliteDatabase,
  request: ClaimRequest,
): readonly ChunkWithAttempt[] {
  const { chunks } = request;
  if (chunks !== undefined) return claimGiven(database, request, chunks);
  const claimed: ChunkWithAttempt[] = [];
  for (const state of request.states) {
    const limit = request.limit - claimed.length;
    if (limit <= 0) break;
    for (const row of findDue(database, request, { state, limit })) {
      claimed.push(take(database, row, request));
    }
  }
  return claimed;
}

/** Claims those of some chunks that may be claimed. */
function claimGiven(
  database: SqliteDatabase,
  request: ClaimRequest,
  chunks: readonly ChunkRef[],
): readonly ChunkWithAttempt[] {
  const { states, runs, nowMs: now, limit } = request;
  const claimed: ChunkWithAttempt[] = [];
  for (const { run, number } of chunks) {
    if (claimed.length >= limit) break;
    const row = database.get(
      `select run, number, worker, state, due_ms as due from chunk
       where run = :run and number = :number and due_ms <= :now
         and state in (select value from json_each(:states))
         and (lease_until_ms is null or lease_until_ms <= :now)`,
      { run, number, now, states: toText(states) },
    ) as (DueRow & { readonly state: ChunkState }) | undefined;
    if (row === undefined || runs?.includes(run) === false) continue;
    if (!claimableRuns(database, [run], row.state).includes(run)) continue;
    claimed.push(take(database, row, request));
  }
  return claimed;
}

/** Asked run by run, so that chunks that wait in other runs cost nothing. */
function findDue(
  database: SqliteDatabase,
  { runs, nowMs: now }: ClaimRequest,
  { state, limit }: { readonly state: ChunkState; readonly limit: number },
): readonly DueRow[] {
  const found = claimableRuns(database, runs, state).flatMap(
    (run) =>
      database.all(
        `select run, number, worker, due_ms as due from chunk
         where run = :run and state = :state and due_ms <= :now
           and (lease_until_ms is null or lease_until_ms <= :now)
         order by due_ms, number limit :limit`,
        { run, state, now, limit },
      ) as readonly DueRow[],
  );
  return found
    .sort((a, b) => a.due - b.due || a.run - b.run || a.number - b.number)
    .slice(0, limit);
}

function take(
  database: SqliteDatabase,
  { run, number, worker: from }: DueRow,
  { worker, nowMs, leaseUntilMs }: ClaimRequest,
): ChunkWithAttempt {
  database.run(
    `update chunk set worker = :worker, lease_until_ms = :until, fence = fence + 1
     where run = :run and number = :number`,
    { run, number, worker, until: toMs(leaseUntilMs) },
  );
  if (from !== null) {
    database.run(
      `insert into event (run, chunk, at_ms, worker, fence, attempt, type, data)
       select run, number, :now, worker, fence, attempt, 'takenOver', :data from chunk
       where run = :run and number = :number`,
      { run, number, now: toMs(nowMs), data: toText({ from }) },
    );
  }
  const taken = readChunk(database, { run, number });
  if (taken === undefined) throw new Error(`chunk ${number} of run ${run} is gone`);
  return taken;
}

/** See `Journal.nextDueMs`. */
export function nextDueMs(
  database: SqliteDatabase,
  { states, runs }: Pick<ClaimRequest, "states" | "runs">,
): number | undefined {
  const times = states.flatMap((state) =>
    claimableRuns(database, runs, state).flatMap((run) => [
      ...firstDue(
        database,
        `select due_ms as due from chunk
         where run = :run and state = :state and due_ms is not null and worker is null
         order by due_ms limit 1`,
        { run, state },
      ),
      // By the index of claimed chunks, which are few.
      ...firstDue(
        database,
        `select min(max(due_ms, lease_until_ms)) as due from chunk
         where worker is not null and +run = :run and +state = :state and due_ms is not null`,
        { run, state },
      ),
    ]),
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

function firstDue(
  database: SqliteDatabase,
  sql: string,
  values: { readonly run: RunKey; readonly state: ChunkState },
): readonly number[] {
  const row = database.get(sql, values) as { readonly due: number | null } | undefined;
  return typeof row?.due === "number" ? [row.due] : [];
}

/** See `Journal.renew`. */
export function renew(
  database: SqliteDatabase,
  worker: string,
  leaseUntilMs: number,
): readonly HeldClaim[] {
  const rows = database.all(
    `update chunk set lease_until_ms = :until where worker = :worker
     returning run, number, fence, (select state from run where run.key = chunk.run) as runState`,
    { worker, until: toMs(leaseUntilMs) },
  ) as readonly HeldClaim[];
  return rows.map(({ run, number, fence, runState }) => ({ run, number, worker, fence, runState }));
}

/** See `Journal.release`. */
export function release(database: SqliteDatabase, worker: string, claims?: readonly Claim[]): void {
  const given = "update chunk set worker = null, lease_until_ms = null where worker = :worker";
  if (claims === undefined) {
    database.run(given, { worker });
    return;
  }
  for (const { run, number, fence } of claims) {
    database.run(`${given} and run = :run and number = :number and fence = :fence`, {
      ...{ worker, run, number, fence },
    });
  }
}

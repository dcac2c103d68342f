import type { ChunkRef, ChunkState } from "../chunk-record.ts";
import type { FlowRow } from "../flow-pace.ts";
import { openChunkStates } from "../journal.ts";
import type { ChunkKind, JsonData, RunKey } from "../run-record.ts";
import type { Queries } from "./queries.ts";

/** A chunk that is due and claimed by nobody. */
export interface DueChunk extends ChunkRef {
  readonly state: ChunkState;
  readonly fence: number;
  readonly dueMs: number;
}

/** A chunk that waits for its submit, and what that depends on. */
export interface PlannedChunk extends DueChunk {
  readonly kind: ChunkKind;
  readonly size: number;
  readonly scope: string;
  readonly settings: JsonData;
}

/** What is in processing of a run, or about to be: image or file chunks that are submitted or claimed for it. */
export interface RunLoad {
  readonly run: RunKey;
  readonly scope: string;
  readonly kind: ChunkKind;
  readonly inputs: number;
}

/** What there is to do, as far as nobody does it. */
export interface Survey {
  /** All but what waits for its submit; what has been due longest first. */
  readonly due: readonly DueChunk[];
  /** Of each run that runs its first ones. */
  readonly planned: readonly PlannedChunk[];
  readonly loads: readonly RunLoad[];
  readonly flows: readonly (FlowRow & { readonly scope: string })[];
  /** Runs that are not settled though their chunks have all ended. */
  readonly ended: readonly RunKey[];
}

/** What is looked at. */
export interface SurveyRequest {
  readonly nowMs: number;
  /** Due chunks that are told. */
  readonly limit: number;
  /** Planned chunks that are told, where there are so many: one of each run at least, and of each the same number. */
  readonly planned: number;
  /** How long after its intent a submit of unknown fate counts as being in processing, unless its run says less. */
  readonly unknownHoldMs: number;
}

const openStates = openChunkStates.map((state) => `'${state}'`).join(", ");
const openRuns = "run.state in ('running', 'paused', 'cancelling')";
const isFree = "due_ms <= :now and (lease_until_ms is null or lease_until_ms <= :now)";

/** Looks at everything that is open, run by run and by indexes, so that what waits costs little. */
export async function survey(queries: Queries, request: SurveyRequest): Promise<Survey> {
  const { limit, unknownHoldMs } = request;
  const now = Math.floor(request.nowMs);
  return {
    due: (await queries.all(dueSql, { now, limit })) as readonly DueChunk[],
    planned: await readPlanned(queries, { now, wanted: request.planned }),
    loads: (await queries.all(loadSql, { now, unknownHoldMs })) as readonly RunLoad[],
    flows: (await queries.all("select * from journal.flow")) as Survey["flows"],
    ended: ((await queries.all(endedSql)) as readonly { readonly key: RunKey }[]).map(
      ({ key }) => key,
    ),
  };
}

/** Very many runs may wait, and whoever looks at them does so often. */
async function readPlanned(
  queries: Queries,
  { now, wanted }: { readonly now: number; readonly wanted: number },
): Promise<readonly PlannedChunk[]> {
  let rows = await queries.all(plannedSql, { now, perRun: 1 });
  if (rows.length > 0 && rows.length < wanted) {
    rows = await queries.all(plannedSql, { now, perRun: Math.ceil(wanted / rows.length) });
  }
  // Most runs have the same.
  const parsed = new Map<string, JsonData>();
  return (rows as readonly PlannedRow[]).map(({ settings: text, ...row }) => {
    const settings = parsed.get(text) ?? (JSON.parse(text) as JsonData);
    parsed.set(text, settings);
    return { ...row, settings };
  });
}

type PlannedRow = Omit<PlannedChunk, "settings"> & { readonly settings: string };

/** Planned chunks are due for all of a run that is cancelled, which submits none. */
const dueSql = `
  select due.run, due.number, due.state, due.fence, due.due_ms as "dueMs" from journal.run
  cross join unnest(array[${openStates}]) as wanted (state)
  cross join lateral (
    select chunk.run, number, chunk.state, fence, due_ms from journal.chunk
    where chunk.run = run.key and chunk.state = wanted.state and ${isFree}
    order by due_ms, number limit :limit
  ) as due
  where ${openRuns} and (wanted.state <> 'planned' or run.state = 'cancelling')
  order by due.due_ms, due.run, due.number limit :limit`;

const plannedSql = `
  select due.run, due.number, 'planned' as state, due.fence, due.due_ms as "dueMs", due.kind,
    due.size, run.scope, run.settings
  from journal.run cross join lateral (
    select chunk.run, number, fence, due_ms, kind, size from journal.chunk
    where chunk.run = run.key and chunk.state = 'planned' and ${isFree}
    order by due_ms, number limit :perRun
  ) as due
  where run.state = 'running' order by due.run, due.due_ms, due.number`;

const loadSql = `
  select busy.run, run.scope, busy.kind, sum(busy.size)::bigint as inputs
  from journal.run cross join lateral (
    select chunk.run, kind, size from journal.chunk
    where chunk.run = run.key and (chunk.state in ('submitting', 'running')
      or (chunk.state = 'unknown' and intent_ms > :now
        - least(:unknownHoldMs, coalesce((run.settings::json ->> 'quarantineMs')::numeric, 1e15))))
    union all
    select chunk.run, kind, size from journal.chunk
    where worker is not null and chunk.run = run.key and chunk.state = 'planned'
      and lease_until_ms > :now
  ) as busy
  where run.state not in ('done', 'cancelled')
  group by busy.run, run.scope, busy.kind`;

const endedSql = `
  select key from journal.run where ${openRuns} and not exists (
    select 1 from journal.chunk where chunk.run = run.key and chunk.state in (${openStates}))`;

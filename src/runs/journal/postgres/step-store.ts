import { endedChunkStates } from "../chunk-record.ts";
import type { ChunkStep } from "../chunk-writes.ts";
import { toMs, toText } from "../rows.ts";
import { countEnded } from "./ended-store.ts";
import { changeFlow } from "./flow-store.ts";
import type { Queries } from "./queries.ts";

/** See `Journal.advance`: one statement for all steps, unless several are of one chunk. */
export async function advance(
  queries: Queries,
  steps: readonly ChunkStep[],
): Promise<readonly boolean[]> {
  const written: WrittenStep[] = [];
  for (const wave of wavesOf(steps)) written.push(...(await writeSteps(queries, wave)));
  await changeFlows(queries, written);
  const held = new Set(written.map(({ step }) => step));
  await countEnded(
    queries,
    [...held].filter(({ progress }) => endedChunkStates.includes(progress.state)),
  );
  return steps.map((step) => held.has(step));
}

/** Scopes are locked in their order, as by whoever takes turns, and after all chunks. */
async function changeFlows(queries: Queries, written: readonly WrittenStep[]): Promise<void> {
  for (const { step, scope } of written.toSorted((a, b) => compare(a.scope, b.scope))) {
    const { flow, nowMs } = step;
    if (flow !== undefined) await changeFlow(queries, scope, { ...flow, nowMs });
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The steps in their order, no chunk twice at a time. */
function wavesOf(steps: readonly ChunkStep[]): ChunkStep[][] {
  const waves: { readonly chunks: Set<string>; readonly steps: ChunkStep[] }[] = [];
  for (const step of steps) {
    const { run, number } = step.claim;
    const chunk = `${run}/${number}`;
    const last = waves.findLastIndex(({ chunks }) => chunks.has(chunk));
    const wave = (waves[last + 1] ??= { chunks: new Set(), steps: [] });
    wave.chunks.add(chunk);
    wave.steps.push(step);
  }
  return waves.map((wave) => wave.steps);
}

/** A step that was written, and whose limits its run shares. */
interface WrittenStep {
  readonly step: ChunkStep;
  readonly scope: string;
}

async function writeSteps(
  queries: Queries,
  steps: readonly ChunkStep[],
): Promise<readonly WrittenStep[]> {
  const rows = (await queries.all(writeStepsSql, {
    steps: JSON.stringify(steps.map(toStepRow)),
    events: JSON.stringify(
      steps.flatMap(({ events }, place) =>
        events.map(({ type, data }) => ({ place, type, data: toText(data) })),
      ),
    ),
  })) as readonly { readonly place: number; readonly scope: string }[];
  return rows.flatMap(({ place, scope }) => {
    const step = steps[place];
    return step === undefined ? [] : [{ step, scope }];
  });
}

/** A step as a row of the statement; what is not there is null. */
function toStepRow(
  { claim, progress, attempt, outcome, release, undeliveredMs, nowMs }: ChunkStep,
  place: number,
) {
  const { state, dueMs, polls, error, memo } = progress;
  const isEnded = endedChunkStates.includes(state);
  const { statuses, manifest, counts } = outcome ?? {};
  return {
    ...{ place, ...claim, state, polls, memo: toText(memo), error: toText(error) },
    ...{ due_ms: isEnded ? undefined : toMs(dueMs), release: isEnded || release === true },
    ...{ undelivered_ms: isEnded ? toMs(undeliveredMs) : undefined },
    ...{ now: toMs(nowMs), attempt_outcome: attempt?.outcome },
    ...{ operation: toText(attempt?.operation), attempt_error: toText(attempt?.error) },
    ...{ is_over: outcome !== undefined, manifest: toText(manifest) },
    ...{ statuses: statuses === undefined ? undefined : Buffer.from(statuses).toString("base64") },
    ...{ ...counts, not_submitted: counts?.notSubmitted },
  };
}

/** Chunks are locked in their order, so that nobody waits for whoever waits for him. */
const writeStepsSql = `
  with step as materialized (
    select * from json_to_recordset(:steps::json) as s (
      place integer, run bigint, number integer, worker text, fence bigint,
      state text, polls integer, memo text, error text, due_ms bigint, undelivered_ms bigint, release boolean, now bigint,
      attempt_outcome text, operation text, attempt_error text,
      is_over boolean, statuses text, manifest text, succeeded integer, partial integer,
      failed integer, missing integer, not_submitted integer, retried integer
    )
  ), held as materialized (
    select chunk.run, chunk.number from journal.chunk join step
      on step.run = chunk.run and step.number = chunk.number
    where chunk.fence = step.fence and chunk.worker = step.worker
    order by chunk.run, chunk.number for no key update of chunk
  ), written as (
    update journal.chunk set state = step.state, due_ms = step.due_ms,
      undelivered_ms = step.undelivered_ms, polls = step.polls,
      error = step.error, memo = step.memo,
      decision = case when step.state = 'unknown' then chunk.decision end,
      worker = case when not step.release then chunk.worker end,
      lease_until_ms = case when not step.release then chunk.lease_until_ms end,
      succeeded = coalesce(step.succeeded, chunk.succeeded),
      partial = coalesce(step.partial, chunk.partial),
      failed = coalesce(step.failed, chunk.failed),
      missing = coalesce(step.missing, chunk.missing),
      not_submitted = coalesce(step.not_submitted, chunk.not_submitted),
      retried = coalesce(step.retried, chunk.retried)
    from held join step on step.run = held.run and step.number = held.number
    where chunk.run = held.run and chunk.number = held.number
      and chunk.fence = step.fence and chunk.worker = step.worker
    returning step.place, chunk.run, chunk.number, chunk.attempt
  ), settled as (
    update journal.attempt set outcome = step.attempt_outcome, settled_ms = step.now,
      operation = coalesce(step.operation, attempt.operation),
      error = coalesce(step.attempt_error, attempt.error)
    from written join step on step.place = written.place
    where step.attempt_outcome is not null and attempt.run = written.run
      and attempt.number = written.number and attempt.attempt = written.attempt
  ), ended as (
    insert into journal.outcome (run, number, statuses, manifest)
    select written.run, written.number, decode(step.statuses, 'base64'), step.manifest
    from written join step on step.place = written.place where step.is_over
    on conflict (run, number) do update set statuses = excluded.statuses,
      manifest = coalesce(excluded.manifest, outcome.manifest)
  ), told as (
    insert into journal.event (run, chunk, at_ms, worker, fence, attempt, type, data)
    select step.run, step.number, step.now, step.worker, step.fence, written.attempt,
      event.value ->> 'type', event.value ->> 'data'
    from json_array_elements(:events::json) with ordinality as event (value, ordinal)
      join step on step.place = (event.value ->> 'place')::integer
      join written on written.place = step.place
    order by event.ordinal
  )
  select written.place, scope from written join journal.run on run.key = written.run
  order by written.place`;

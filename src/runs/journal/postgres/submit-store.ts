import type { OperationToken } from "../../../operations/operation-token.ts";
import type { AttemptRecord, ChunkRef, Claim } from "../chunk-record.ts";
import type { SubmitGate, SubmitIntent } from "../chunk-writes.ts";
import { toText, type CandidateRow } from "../rows.ts";
import { takeRoom, type SubmitDemand } from "./flow-store.ts";
import type { Queries } from "./queries.ts";

/** A call of `Journal.beginAttempt`. */
export interface SubmitCall {
  readonly claim: Claim;
  readonly intent: SubmitIntent;
}

/** A submit that asks for room. */
interface Candidate extends SubmitCall {
  readonly place: number;
  readonly row: CandidateRow;
}

/**
 * See `Journal.beginAttempt`, of several chunks; the error of one is no other's. Locked in this order, as
 * everywhere: the runs, so that no pause or cancel comes between; the chunks; the pace of their scopes.
 */
export async function beginAttempts(
  queries: Queries,
  calls: readonly SubmitCall[],
): Promise<readonly (SubmitGate | Error)[]> {
  const gates: (SubmitGate | Error)[] = calls.map(() => ({ gate: "lost" }));
  const asking: Candidate[] = [];
  for (const { place, ...row } of await lockCandidates(queries, calls)) {
    const call = calls[place];
    if (call === undefined || asking.some(({ claim }) => isSame(claim, call.claim))) continue;
    const refused = await refuse(queries, call, row);
    if (refused === undefined) asking.push({ ...call, place, row });
    else gates[place] = refused;
  }
  const begun: Candidate[] = [];
  const byScope = [...Map.groupBy(asking, ({ row }) => row.scope)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  for (const [scope, candidates] of byScope) {
    const waits = await takeRoom(queries, scope, candidates.map(toDemand));
    for (const [index, candidate] of candidates.entries()) {
      const wait = waits[index];
      if (wait === undefined) begun.push(candidate);
      else gates[candidate.place] = wait;
    }
  }
  const attempts = begun.map(toAttempt);
  if (begun.length > 0) await writeIntents(queries, begun, attempts);
  for (const [index, { place }] of begun.entries()) {
    const attempt = attempts[index];
    if (attempt !== undefined) gates[place] = { gate: "begun", attempt };
  }
  return gates;
}

function isSame(a: ChunkRef, b: ChunkRef): boolean {
  return a.run === b.run && a.number === b.number;
}

/** Why a chunk is not submitted, whether there is room or not. */
async function refuse(
  queries: Queries,
  { claim, intent }: SubmitCall,
  { state, attempt, runState }: CandidateRow,
): Promise<SubmitGate | Error | undefined> {
  const { run, number } = claim;
  if (state !== "planned" && state !== "unknown") {
    return new Error(`chunk ${number} is ${state}: it cannot be submitted`);
  }
  if (runState !== "running") return { gate: "stopped", runState };
  if (state === "planned") return undefined;
  const operation = await recordedOperation(queries, { run, number, attempt });
  if (operation === undefined || operation.name === intent.goneOperation) return undefined;
  return { gate: "accepted", operation };
}

function toDemand({ claim, intent, row }: Candidate): SubmitDemand {
  const { run, number } = claim;
  const { kind, size, scope, state } = row;
  const { limits, nowMs } = intent;
  return { run, number, kind, size, scope, limits, isCounted: state === "unknown", nowMs };
}

function toAttempt({ claim, intent, row }: Candidate): AttemptRecord {
  const { run, number, worker, fence } = claim;
  const { prefix, fingerprint, nowMs } = intent;
  const intentMs = Math.ceil(nowMs);
  const attempt = row.attempt + 1;
  return { run, number, attempt, prefix, fingerprint, intentMs, size: row.size, worker, fence };
}

async function lockCandidates(
  queries: Queries,
  calls: readonly SubmitCall[],
): Promise<readonly (CandidateRow & { readonly place: number })[]> {
  const claims = calls.map(({ claim }) => claim);
  const rows = await queries.all(
    `with asked as materialized (
       select * from unnest(:runs::bigint[], :numbers::integer[], :fences::bigint[], :workers::text[])
         with ordinality as asked (run, number, fence, worker, ordinal)
     ), locked as materialized (
       select key, scope, state from journal.run where key in (select run from asked)
       order by key for share
     )
     select (asked.ordinal - 1)::integer as place, kind, size, chunk.state, attempt, scope,
       locked.state as "runState"
     from asked join locked on locked.key = asked.run
       join journal.chunk on chunk.run = asked.run and chunk.number = asked.number
     where chunk.fence = asked.fence and chunk.worker = asked.worker
     order by chunk.run, chunk.number for no key update of chunk`,
    {
      runs: claims.map(({ run }) => run),
      numbers: claims.map(({ number }) => number),
      fences: claims.map(({ fence }) => fence),
      workers: claims.map(({ worker }) => worker),
    },
  );
  return rows as readonly (CandidateRow & { readonly place: number })[];
}

/** It may have been recorded since the claimant looked, by a worker that had lost the chunk. */
async function recordedOperation(
  queries: Queries,
  { run, number, attempt }: ChunkRef & { readonly attempt: number },
): Promise<OperationToken | undefined> {
  const row = (await queries.get(
    `select operation from journal.attempt
     where run = :run and number = :number and attempt = :attempt and operation is not null`,
    { run, number, attempt },
  )) as { readonly operation: string } | undefined;
  return row === undefined ? undefined : (JSON.parse(row.operation) as OperationToken);
}

async function writeIntents(
  queries: Queries,
  begun: readonly Candidate[],
  attempts: readonly AttemptRecord[],
): Promise<void> {
  const rows = attempts.map(({ intentMs: intent_ms, ...attempt }, index) => {
    const { type, data } = begun[index]?.intent.event ?? {};
    return { ...attempt, intent_ms, type, data: toText(data) };
  });
  await queries.run(
    `with intent as materialized (
       select * from json_to_recordset(:rows::json) as i (
         run bigint, number integer, attempt integer, prefix text, fingerprint text,
         intent_ms bigint, size integer, worker text, fence bigint, type text, data text
       )
     ), begun as (
       update journal.chunk set state = 'submitting', attempt = intent.attempt,
         intent_ms = intent.intent_ms, due_ms = intent.intent_ms, decision = null
       from intent where chunk.run = intent.run and chunk.number = intent.number
     ), tried as (
       insert into journal.attempt
         (run, number, attempt, prefix, fingerprint, intent_ms, size, worker, fence)
       select run, number, attempt, prefix, fingerprint, intent_ms, size, worker, fence from intent
     )
     insert into journal.event (run, chunk, at_ms, worker, fence, attempt, type, data)
     select run, number, intent_ms, worker, fence, attempt, type, data from intent`,
    { rows: JSON.stringify(rows) },
  );
}

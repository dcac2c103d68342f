import { endedChunkStates, type ChunkRef } from "../chunk-record.ts";
import type { NewChunk, PlanPart, PlanTotals, RetryPart } from "../chunk-writes.ts";
import { toMs, toRun, type RunRow } from "../rows.ts";
import type { RunKey, RunRecord } from "../run-record.ts";
import { addRunEvent } from "./chunk-events.ts";
import { writeOutcome } from "./outcome-store.ts";
import type { Queries } from "./queries.ts";

/** See `Journal.appendPlan`. */
export async function appendPlan(
  queries: Queries,
  { run, chunks, nowMs }: PlanPart,
): Promise<boolean> {
  const images = sizeOf(chunks, "image");
  const files = sizeOf(chunks, "file");
  const changed = await queries.run(
    `update journal.run set chunks = chunks + :count, chunk_inputs = chunk_inputs + :inputs,
       inputs = inputs + :inputs, images = images + :images, files = files + :files
     where key = :run and state = 'planning' and chunks = :first`,
    {
      ...{ run, images, files, inputs: images + files },
      ...{ count: chunks.length, first: chunks[0]?.number ?? -1 },
    },
  );
  if (changed !== 1) return false;
  await insertChunks(queries, chunks, { run, round: 0, nowMs });
  return true;
}

/** See `Journal.readDigests`. */
export async function readDigests(
  queries: Queries,
  { run, number }: ChunkRef,
  limit: number,
): Promise<readonly string[]> {
  const rows = await queries.all(
    `select digest from journal.chunk where run = :run and number >= :number and round = 0
     order by number limit :limit`,
    { run, number, limit },
  );
  return (rows as readonly { readonly digest: string }[]).map(({ digest }) => digest);
}

/** See `Journal.commitPlan`. */
export async function commitPlan(
  queries: Queries,
  totals: PlanTotals,
): Promise<RunRecord | undefined> {
  const { run, chunks, inputs, digest, nowMs } = totals;
  const row = await queries.get(
    `update journal.run set state = 'running', digest = :digest, changed_ms = :now
     where key = :run and state = 'planning' and chunks = :chunks and inputs = :inputs returning *`,
    { run, chunks, inputs, digest, now: toMs(nowMs) },
  );
  if (row === undefined) return undefined;
  await addRunEvent(queries, { run, type: "planned", atMs: nowMs, data: { chunks, inputs } });
  return toRun(row as RunRow);
}

/** See `Journal.appendRetry`. */
export async function appendRetry(queries: Queries, part: RetryPart): Promise<boolean> {
  const { run, round, chunks, taken, nowMs } = part;
  const { isReady } = (await queries.get(
    `select coalesce(bool_and(chunks = :first and state not in ('planning', 'cancelling')), false)
       as "isReady"
     from (select chunks, state from journal.run where key = :run for update) as locked`,
    { run, first: chunks[0]?.number ?? -1 },
  )) as { readonly isReady: boolean };
  if (!isReady || !(await areUnchanged(queries, taken))) return false;
  await queries.run(
    `update journal.run set chunks = chunks + :count, chunk_inputs = chunk_inputs + :inputs,
       rounds = greatest(rounds, :round), error = null,
       state = case when state = 'paused' then state else 'running' end, changed_ms = :now
     where key = :run`,
    { run, round, count: chunks.length, inputs: sizeOf(chunks), now: toMs(nowMs) },
  );
  for (const chunk of taken) await writeOutcome(queries, chunk, chunk.outcome);
  await insertChunks(queries, chunks, { run, round, nowMs });
  const data = { round, chunks: chunks.length, from: taken.map(({ number }) => number) };
  await addRunEvent(queries, { run, type: "retried", atMs: nowMs, data });
  return true;
}

/** Raises the fences of ended chunks, all those that are as they were read. */
async function areUnchanged(queries: Queries, taken: RetryPart["taken"]): Promise<boolean> {
  const rows = (await queries.all(
    `select chunk.run, chunk.number from journal.chunk
       join unnest(:runs::bigint[], :numbers::integer[], :fences::bigint[])
         as taken (run, number, fence) using (run, number)
     where chunk.fence = taken.fence and state = any (:ended)
     order by run, number for no key update of chunk`,
    {
      runs: taken.map(({ run }) => run),
      numbers: taken.map(({ number }) => number),
      fences: taken.map(({ fence }) => fence),
      ended: endedChunkStates,
    },
  )) as readonly ChunkRef[];
  return rows.length === taken.length;
}

/** In two statements, however many chunks: the blocks go as one value, from which each is cut. */
async function insertChunks(
  queries: Queries,
  chunks: readonly NewChunk[],
  { run, round, nowMs }: { readonly run: RunKey; readonly round: number; readonly nowMs: number },
): Promise<void> {
  const column = <Name extends keyof NewChunk>(name: Name) => chunks.map((chunk) => chunk[name]);
  const numbers = column("number");
  await queries.run(
    `insert into journal.chunk (run, number, kind, size, first, last, round, digest, state, due_ms)
     select :run, number, kind, size, first, last, :round, digest, 'planned', :now
     from unnest(:numbers::integer[], :kinds::text[], :sizes::integer[], :firsts::bigint[],
       :lasts::bigint[], :digests::text[]) as c (number, kind, size, first, last, digest)`,
    {
      ...{ run, round, now: toMs(nowMs), numbers, kinds: column("kind"), sizes: column("size") },
      ...{ firsts: column("first"), lasts: column("last"), digests: column("digest") },
    },
  );
  const blocks = column("block");
  await queries.run(
    `insert into journal.block (run, number, inputs)
     select :run, number, substr(:blocks::bytea, start, length)
     from unnest(:numbers::integer[], :starts::integer[], :lengths::integer[])
       as b (number, start, length)`,
    { run, numbers, blocks: Buffer.concat(blocks), ...placesOf(blocks) },
  );
}

/** Where each block begins in all of them together, from 1, and how long it is. */
function placesOf(blocks: readonly Uint8Array[]): { starts: number[]; lengths: number[] } {
  const lengths = blocks.map(({ length }) => length);
  let next = 1;
  const starts = lengths.map((length) => {
    const start = next;
    next += length;
    return start;
  });
  return { starts, lengths };
}

function sizeOf(chunks: readonly NewChunk[], kind?: NewChunk["kind"]): number {
  const chosen = chunks.filter((chunk) => kind === undefined || chunk.kind === kind);
  return chosen.reduce((sum, { size }) => sum + size, 0);
}

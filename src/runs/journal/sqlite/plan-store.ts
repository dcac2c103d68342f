import type { ChunkRef } from "../chunk-record.ts";
import type { NewChunk, PlanPart, PlanTotals, RetryPart } from "../chunk-writes.ts";
import type { RunKey, RunRecord } from "../run-record.ts";
import { recountEnded } from "./ended-store.ts";
import { endedStates, writeOutcome } from "./outcome-store.ts";
import { toMs, toRun, type RunRow } from "../rows.ts";
import { addRunEvent } from "./run-store.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** See `Journal.appendPlan`. */
export function appendPlan(database: SqliteDatabase, { run, chunks, nowMs }: PlanPart): boolean {
  const images = sizeOf(chunks, "image");
  const files = sizeOf(chunks, "file");
  const changed = database.run(
    `update run set chunks = chunks + :count, chunk_inputs = chunk_inputs + :inputs,
       inputs = inputs + :inputs, images = images + :images, files = files + :files
     where key = :run and state = 'planning' and chunks = :first`,
    {
      ...{ run, images, files, inputs: images + files },
      ...{ count: chunks.length, first: chunks[0]?.number ?? -1 },
    },
  );
  if (changed !== 1) return false;
  insertChunks(database, chunks, { run, round: 0, nowMs });
  return true;
}

/** See `Journal.readDigests`. */
export function readDigests(
  database: SqliteDatabase,
  { run, number }: ChunkRef,
  limit: number,
): readonly string[] {
  const rows = database.all(
    `select digest from chunk where run = :run and number >= :number and round = 0
     order by number limit :limit`,
    { run, number, limit },
  ) as readonly { digest: string }[];
  return rows.map(({ digest }) => digest);
}

/** See `Journal.commitPlan`. */
export function commitPlan(database: SqliteDatabase, totals: PlanTotals): RunRecord | undefined {
  const { run, chunks, inputs, digest, nowMs } = totals;
  const row = database.get(
    `update run set state = 'running', digest = :digest, changed_ms = :now
     where key = :run and state = 'planning' and chunks = :chunks and inputs = :inputs returning *`,
    { run, chunks, inputs, digest, now: toMs(nowMs) },
  ) as RunRow | undefined;
  if (row === undefined) return undefined;
  addRunEvent(database, { run, type: "planned", atMs: nowMs, data: { chunks, inputs } });
  return toRun(row);
}

/** See `Journal.appendRetry`. */
export function appendRetry(database: SqliteDatabase, part: RetryPart): boolean {
  const { run, round, chunks, taken, nowMs } = part;
  if (!taken.every((chunk) => isUnchanged(database, chunk))) return false;
  const changed = database.run(
    `update run set chunks = chunks + :count, chunk_inputs = chunk_inputs + :inputs,
       rounds = max(rounds, :round), error = null,
       state = iif(state = 'paused', state, 'running'), changed_ms = :now
     where key = :run and state not in ('planning', 'cancelling') and chunks = :first`,
    {
      ...{ run, round, count: chunks.length, inputs: sizeOf(chunks) },
      ...{ first: chunks[0]?.number ?? -1, now: toMs(nowMs) },
    },
  );
  if (changed !== 1) return false;
  for (const chunk of taken) {
    database.run("update chunk set fence = fence + 1 where run = :run and number = :number", {
      run: chunk.run,
      number: chunk.number,
    });
    recountEnded(database, chunk, chunk.outcome.counts);
    writeOutcome(database, chunk, chunk.outcome);
  }
  insertChunks(database, chunks, { run, round, nowMs });
  const data = { round, chunks: chunks.length, from: taken.map(({ number }) => number) };
  addRunEvent(database, { run, type: "retried", atMs: nowMs, data });
  return true;
}

function isUnchanged(
  database: SqliteDatabase,
  { run, number, fence }: ChunkRef & { readonly fence: number },
): boolean {
  const row = database.get(
    `select 1 from chunk
     where run = :run and number = :number and fence = :fence and state in (${endedStates})`,
    { run, number, fence },
  );
  return row !== undefined;
}

function insertChunks(
  database: SqliteDatabase,
  chunks: readonly NewChunk[],
  { run, round, nowMs }: { readonly run: RunKey; readonly round: number; readonly nowMs: number },
): void {
  const now = toMs(nowMs);
  for (const { block, ...chunk } of chunks) {
    database.run(
      `insert into chunk (run, number, kind, size, first, last, round, digest, state, due_ms)
       values (:run, :number, :kind, :size, :first, :last, :round, :digest, 'planned', :now)`,
      { ...chunk, run, round, now },
    );
    database.run("insert into block (run, number, inputs) values (:run, :number, :block)", {
      ...{ run, number: chunk.number, block },
    });
  }
}

function sizeOf(chunks: readonly NewChunk[], kind?: NewChunk["kind"]): number {
  const chosen = chunks.filter((chunk) => kind === undefined || chunk.kind === kind);
  return chosen.reduce((sum, { size }) => sum + size, 0);
}

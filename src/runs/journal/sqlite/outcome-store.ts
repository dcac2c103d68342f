import { endedChunkStates, type ChunkOutcome, type ChunkRef } from "../chunk-record.ts";
import type { JsonData } from "../run-record.ts";
import { toCounts, toText, type CountColumns } from "../rows.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";

/** The ended states of a chunk as a list of SQL. */
export const endedStates = endedChunkStates.map((state) => `'${state}'`).join(", ");

/** Writes what became of the inputs of a chunk, in place of what was known. */
export function writeOutcome(
  database: SqliteDatabase,
  { run, number }: ChunkRef,
  { counts, statuses, manifest }: ChunkOutcome,
): void {
  const { notSubmitted, ...others } = counts;
  database.run(
    `update chunk set succeeded = :succeeded, partial = :partial, failed = :failed,
       missing = :missing, not_submitted = :notSubmitted, retried = :retried
     where run = :run and number = :number`,
    { run, number, ...others, notSubmitted },
  );
  database.run(
    `insert into outcome (run, number, statuses, manifest)
     values (:run, :number, :statuses, :manifest)
     on conflict (run, number) do update set statuses = excluded.statuses,
       manifest = coalesce(excluded.manifest, outcome.manifest)`,
    { run, number, statuses, manifest: toText(manifest) },
  );
}

/** See `Journal.readOutcome`. */
export function readOutcome(
  database: SqliteDatabase,
  { run, number }: ChunkRef,
): ChunkOutcome | undefined {
  const row = database.get(
    `select succeeded, partial, failed, missing, not_submitted, retried, statuses, manifest
     from chunk left join outcome using (run, number)
     where run = :run and number = :number and state in (${endedStates})`,
    { run, number },
  ) as
    | (CountColumns & { readonly statuses: Uint8Array | null; readonly manifest: string | null })
    | undefined;
  if (row === undefined) return undefined;
  return {
    counts: toCounts(row),
    ...(row.statuses === null ? {} : { statuses: row.statuses }),
    ...(row.manifest === null ? {} : { manifest: JSON.parse(row.manifest) as JsonData }),
  };
}

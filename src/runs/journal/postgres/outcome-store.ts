import { endedChunkStates, type ChunkOutcome, type ChunkRef } from "../chunk-record.ts";
import { toCounts, toText, type CountColumns } from "../rows.ts";
import type { JsonData } from "../run-record.ts";
import type { Queries } from "./queries.ts";

/** Writes what became of the inputs of a chunk that was ended before, in place of what was known, also in the sums of its run. */
export async function writeOutcome(
  queries: Queries,
  { run, number }: ChunkRef,
  { counts, statuses, manifest }: ChunkOutcome,
): Promise<void> {
  await queries.run(
    `with before as (
       select * from journal.chunk where run = :run and number = :number
     ), recounted as (
       update journal.ended set succeeded = ended.succeeded - before.succeeded + :succeeded,
         partial = ended.partial - before.partial + :partial,
         failed = ended.failed - before.failed + :failed,
         missing = ended.missing - before.missing + :missing,
         not_submitted = ended.not_submitted - before.not_submitted + :notSubmitted,
         retried = ended.retried - before.retried + :retried
       from before where ended.run = before.run and ended.state = before.state
     ), changed as (
       update journal.chunk set fence = fence + 1, succeeded = :succeeded, partial = :partial,
         failed = :failed, missing = :missing, not_submitted = :notSubmitted, retried = :retried
       where run = :run and number = :number returning run, number
     )
     insert into journal.outcome (run, number, statuses, manifest)
     select run, number, :statuses, :manifest from changed
     on conflict (run, number) do update set statuses = excluded.statuses,
       manifest = coalesce(excluded.manifest, outcome.manifest)`,
    { run, number, ...counts, statuses: toBytes(statuses), manifest: toText(manifest) },
  );
}

/** See `Journal.readOutcome`. */
export async function readOutcome(
  queries: Queries,
  { run, number }: ChunkRef,
): Promise<ChunkOutcome | undefined> {
  const row = (await queries.get(
    `select succeeded, partial, failed, missing, not_submitted, retried, statuses, manifest
     from journal.chunk left join journal.outcome using (run, number)
     where run = :run and number = :number and state = any (:ended)`,
    { run, number, ended: endedChunkStates },
  )) as
    | (CountColumns & { readonly statuses: Uint8Array | null; readonly manifest: string | null })
    | undefined;
  if (row === undefined) return undefined;
  return {
    counts: toCounts(row),
    ...(row.statuses === null ? {} : { statuses: row.statuses }),
    ...(row.manifest === null ? {} : { manifest: JSON.parse(row.manifest) as JsonData }),
  };
}

/** The driver takes buffers only. */
function toBytes(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes === undefined
    ? undefined
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

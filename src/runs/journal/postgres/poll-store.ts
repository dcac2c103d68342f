import { toMs } from "../rows.ts";
import type { Queries } from "./queries.ts";

/** The reads of operations that all who share a journal make. */
export interface PollLoad {
  /** Operations that are read until they have ended. */
  readonly running: number;
  /** None is read before. */
  readonly heldUntilMs: number;
}

/** Beside the scopes of runs, none of which begins with a space. */
const pollScope = " polls";

/** How many operations there are to read, and from when on. */
export async function readPollLoad(queries: Queries): Promise<PollLoad> {
  const row = (await queries.get(
    `select (
       select count(*) from journal.run join journal.chunk
         on chunk.run = run.key and chunk.state = 'running'
       where run.state in ('running', 'paused', 'cancelling')
     ) as running, (
       select not_before_ms from journal.flow where scope = :pollScope
     ) as "heldUntilMs"`,
    { pollScope },
  )) as { readonly running: number; readonly heldUntilMs: number | null };
  return { running: row.running, heldUntilMs: row.heldUntilMs ?? 0 };
}

/** Lets nobody read an operation for a while. */
export async function holdPolls(queries: Queries, untilMs: number): Promise<void> {
  await queries.run(
    `insert into journal.flow (scope, rate, not_before_ms, next_ms) values (:pollScope, 1, :until, 0)
     on conflict (scope) do update
       set not_before_ms = greatest(flow.not_before_ms, excluded.not_before_ms)`,
    { pollScope, until: toMs(untilMs) },
  );
}

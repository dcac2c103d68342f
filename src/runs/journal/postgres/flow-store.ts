import type { FlowChange, FlowRecord } from "../flow-record.ts";
import {
  changePace,
  findRoom,
  fullPace,
  takeTurn,
  type FlowDemand,
  type FlowRow,
  type Wait,
} from "../flow-pace.ts";
import type { ChunkKind } from "../run-record.ts";
import type { Queries } from "./queries.ts";

/** A submit that asks for room beside others. */
export interface SubmitDemand extends FlowDemand {
  /** Whether the chunk itself may count as being in processing: its last submit is of unknown fate. */
  readonly isCounted: boolean;
}

/**
 * Takes the room for submits of a scope one after the other, all turns of it at once; tells of each how long
 * there is none. The row of the scope is locked first: what is in processing is counted by one at a time.
 */
export async function takeRoom(
  queries: Queries,
  scope: string,
  demands: readonly SubmitDemand[],
): Promise<readonly (Wait | undefined)[]> {
  const before = await lockRow(queries, scope);
  const processing = new Processing(queries);
  const waits: (Wait | undefined)[] = [];
  let flow = before;
  for (const demand of demands) {
    const wait = findRoom(demand, await processing.beside(demand));
    const turn = wait ?? takeTurn(demand, flow, { isWithOthers: flow !== before });
    if ("gate" in turn) {
      waits.push(turn);
      continue;
    }
    flow = turn;
    processing.add(demand);
    waits.push(undefined);
  }
  if (flow !== before) await writeRow(queries, scope, flow);
  return waits;
}

/** What is in processing of a scope, with what is about to be. */
class Processing {
  readonly #queries: Queries;
  /** What was counted, which is the same for all that are not counted themselves. */
  readonly #counted = new Map<string, number>();
  readonly #added = new Map<ChunkKind, number>();

  constructor(queries: Queries) {
    this.#queries = queries;
  }

  /** The inputs of the demand's kind that are in processing, those of its own chunk aside. */
  async beside(demand: SubmitDemand): Promise<number> {
    const { kind, isCounted, limits } = demand;
    const key = `${kind} ${limits.unknownHoldMs}`;
    const known = isCounted ? undefined : this.#counted.get(key);
    const inputs = known ?? (await readProcessing(this.#queries, demand));
    if (!isCounted) this.#counted.set(key, inputs);
    return inputs + (this.#added.get(kind) ?? 0);
  }

  add({ kind, size }: SubmitDemand): void {
    this.#added.set(kind, (this.#added.get(kind) ?? 0) + size);
  }
}

/** Changes the pace of a scope; most submits that are accepted do not, and lock nothing. */
export async function changeFlow(
  queries: Queries,
  scope: string,
  change: FlowChange & { readonly nowMs: number },
): Promise<void> {
  const seen = (await readRow(queries, scope)) ?? fullPace;
  if (changePace(seen, change) === undefined) return;
  const changed = changePace(await lockRow(queries, scope), change);
  if (changed !== undefined) await writeRow(queries, scope, changed);
}

/** See `Journal.readFlow`. */
export async function readFlow(queries: Queries, scope: string): Promise<FlowRecord> {
  const { rate, not_before_ms: notBeforeMs } = (await readRow(queries, scope)) ?? fullPace;
  return { scope, rate, notBeforeMs };
}

async function readProcessing(queries: Queries, demand: FlowDemand): Promise<number> {
  const { run, number, kind, scope, limits, nowMs } = demand;
  const row = await queries.get(
    `select coalesce(sum(size), 0)::bigint as inputs from journal.chunk
     where run in (
         select key from journal.run where scope = :scope and state not in ('done', 'cancelled'))
       and state in ('submitting', 'running', 'unknown')
       and (state <> 'unknown' or intent_ms > :since)
       and kind = :kind and not (run = :run and number = :number)`,
    { run, number, kind, scope, since: Math.floor(nowMs - limits.unknownHoldMs) },
  );
  return (row as { readonly inputs: number }).inputs;
}

async function readRow(
  queries: Queries,
  scope: string,
  lock: "" | "for update" = "",
): Promise<FlowRow | undefined> {
  const row = await queries.get(
    `select rate, not_before_ms, next_ms from journal.flow where scope = :scope ${lock}`,
    { scope },
  );
  return row as FlowRow | undefined;
}

async function lockRow(queries: Queries, scope: string): Promise<FlowRow> {
  const row = await readRow(queries, scope, "for update");
  if (row !== undefined) return row;
  await queries.run(
    `insert into journal.flow (scope, rate, not_before_ms, next_ms)
     values (:scope, :rate, :not_before_ms, :next_ms) on conflict (scope) do nothing`,
    { scope, ...fullPace },
  );
  return (await readRow(queries, scope, "for update")) ?? fullPace;
}

async function writeRow(queries: Queries, scope: string, row: FlowRow): Promise<void> {
  const { rate, not_before_ms, next_ms } = row;
  await queries.run(
    `update journal.flow set rate = :rate, not_before_ms = :not_before_ms, next_ms = :next_ms
     where scope = :scope`,
    { scope, rate, not_before_ms, next_ms },
  );
}

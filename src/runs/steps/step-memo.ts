import type { ChunkMemo, ChunkRecord } from "../journal/chunk-record.ts";

/** What the steps remember of a chunk. */
export interface StepMemo extends ChunkMemo {
  /** How the operation ended, unless it succeeded; its error is the chunk's. */
  readonly operationEnd?: "failed" | "cancelled";
  /** Whether an earlier attempt may have been accepted: its inputs were perhaps sent. */
  readonly perhapsSent?: boolean;
  /** Whether an unknown attempt was given up: the chunk ends with what its output holds. */
  readonly givenUp?: boolean;
}

/** What the steps remember of a chunk. */
export function memoOf({ memo }: Pick<ChunkRecord, "memo">): StepMemo {
  return memo;
}

/** A memo with some fields changed; undefined takes one away. */
export function withMemo(
  memo: StepMemo,
  changes: { readonly [Name in keyof StepMemo]: StepMemo[Name] | undefined },
): StepMemo {
  const fields = Object.entries({ ...memo, ...changes });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as StepMemo;
}

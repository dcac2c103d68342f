import type { ChunkMemo, ChunkRecord } from "../journal/chunk-record.ts";

/** What the steps remember of a chunk. */
export interface StepMemo extends ChunkMemo {
  /** Rejections in a row that count towards `maxRejections`. */
  readonly countedRejections?: number;
  /** How the operation ended, unless it succeeded; its error is the chunk's. */
  readonly operationEnd?: "failed" | "cancelled";
  /** Whether this attempt or an earlier one may have been accepted: the inputs were perhaps sent. */
  readonly perhapsSent?: boolean;
  /** Whether an attempt before one of unknown fate may have been accepted. */
  readonly sentBefore?: boolean;
  /** Whether an unknown attempt was given up: the chunk ends with what its output holds. */
  readonly givenUp?: boolean;
}

/** Changes of a memo; undefined takes a field away. */
export type MemoChanges = { readonly [Name in keyof StepMemo]: StepMemo[Name] | undefined };

/** What the steps remember of a chunk. */
export function memoOf({ memo }: Pick<ChunkRecord, "memo">): StepMemo {
  return memo;
}

/** A memo with some fields changed. */
export function changeMemo(memo: StepMemo, changes: MemoChanges): StepMemo {
  const fields = Object.entries({ ...memo, ...changes });
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** What is remembered beyond the end of an attempt. */
export function lastingMemo({ perhapsSent }: StepMemo): StepMemo {
  return perhapsSent === undefined ? {} : { perhapsSent };
}

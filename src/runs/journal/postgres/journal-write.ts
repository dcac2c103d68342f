import type { ClientBase } from "pg";
import type { ChunkRef } from "../chunk-record.ts";
import type { Journal } from "../journal.ts";
import type { UndeliveredRequest } from "./delivery-store.ts";

/** The methods that write. */
export type WriteMethod =
  | "createRun"
  | "changeRun"
  | "cancelRun"
  | "settleRun"
  | "removeRun"
  | "appendPlan"
  | "commitPlan"
  | "appendRetry"
  | "claim"
  | "renew"
  | "release"
  | "beginAttempt"
  | "advance"
  | "recordOperation"
  | "recordRefusal"
  | "decide";

/** What a transaction has done: which method, of what, with which answer. */
export type JournalWrite = WriteOf[WriteMethod] | UndeliveredTaken;

type WriteOf = {
  readonly [Method in WriteMethod]: {
    readonly method: Method;
    readonly args: Parameters<Journal[Method]>;
    readonly result: Awaited<ReturnType<Journal[Method]>>;
  };
};

interface UndeliveredTaken {
  readonly method: "takeUndelivered";
  readonly args: readonly [UndeliveredRequest];
  readonly result: readonly ChunkRef[];
}

/**
 * What else is to be written with a change of the journal, over the connection of its transaction: all
 * of it or nothing. It is called again where the transaction is; what it throws takes the change back.
 */
export type BeforeCommit = (write: JournalWrite, client: ClientBase) => Promise<void>;

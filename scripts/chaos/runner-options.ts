import type { StorageRetryOptions } from "../../src/index.ts";
import type { EmulatorAddresses } from "./emulator-process.ts";
import type { Scenario } from "./scenario.ts";

/** What a runner is told. */
export interface RunnerOptions {
  readonly addresses: EmulatorAddresses;
  readonly journal: string;
  /** When the hurried clock began; absent: the time is that of the machine. */
  readonly originMs?: number;
  readonly scenario: Scenario;
  /** To work on the run, to cancel it, or to send again what has no result of one that is over. */
  readonly task: "work" | "cancel" | "retry";
}

/** What a process says, a line of JSON each. */
export type RunnerWord =
  /** With who it is in the journal, where it is a worker. */
  | { readonly word: "working"; readonly worker?: string }
  | { readonly word: "over"; readonly state: string }
  | { readonly word: "threw"; readonly error: string }
  /** Another process has held the journal for longer than is waited for. */
  | { readonly word: "lockedOut" }
  /** The database could not be reached when it began. */
  | { readonly word: "unreachable" }
  /** An input of which the results told a second time. */
  | { readonly word: "toldTwice"; readonly index: number }
  /** The results ended without so many inputs. */
  | { readonly word: "notTold"; readonly inputs: number; readonly first: number };

/** The store is not a part of the hurried time: its pauses are short by themselves. */
export const storeRetry: StorageRetryOptions = {
  maxAttempts: 6,
  initialDelayMs: 20,
  maxDelayMs: 500,
};

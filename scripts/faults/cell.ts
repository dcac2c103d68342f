import type { Code, SubmitFailure } from "../../src/errors/index.ts";
import type { TransportName } from "../../src/protocol/method-table.ts";
import type { Fault } from "./faults.ts";

/** How the client makes calls of a method: sent once, repeated when they fail for a moment, or asked once a poll. */
export type CallPolicy = "submit" | "read" | "poll";

/** What the caller of a method was told. */
export type Seen =
  | { readonly kind: "ok" }
  | {
      readonly kind: "error";
      /** Its class, e.g. `SubmitError`. */
      readonly name: string;
      readonly code?: Code;
      readonly outcome?: SubmitFailure;
    }
  /** Nothing within the time of a cell. */
  | { readonly kind: "hangs" };

/** One method under one fault. */
export interface Cell {
  readonly transport: TransportName;
  /** e.g. `AsyncBatchAnnotateImages`. */
  readonly method: string;
  readonly policy: CallPolicy;
  readonly fault: Fault;
  readonly seen: Seen;
  /** Calls that reached the server. */
  readonly sent: number;
  /** Calls that took effect there; for the methods that start operations, the submits of its log. */
  readonly accepted: number;
}

/** A method that is left out, and why. */
export interface LeftOut {
  readonly transport: TransportName;
  readonly method: string;
  readonly why: string;
}

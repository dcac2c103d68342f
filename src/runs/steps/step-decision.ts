import type { OperationToken } from "../../operations/operation-token.ts";
import type { AttemptRecord } from "../journal/chunk-record.ts";
import type { ChunkStep } from "../journal/chunk-writes.ts";
import type { NewEvent } from "../journal/event-record.ts";

/**
 * What the runtime does once the step is written.
 *
 * | effect | what is done | evidence that it brings |
 * |---|---|---|
 * | `submit` | `beginAttempt` with the event; after `begun`, and {@link withAttempt}, the request is sent once | `heldBack`; `accepted`, `submitFailed` |
 * | `readOperation` | GetOperation, once | `operationRead`, `operationUnread` |
 * | `cancelOperation` | CancelOperation, once | `cancelAsked`, `cancelFailed` |
 * | `findOperation` | ListOperations, for one whose response names the attempt's prefix | `operationsListed`, `operationsUnlisted` |
 * | `listOutput` | the shards under the attempt's prefix are counted | `outputListed`, `outputUnread` |
 * | `readOutput` | the shards under the attempt's prefix are read and joined with the inputs | `outputRead`, `outputUnread` |
 * | `wait` | nothing until `untilMs`, or until the run's state changes; the claim is kept (or given back, and claimed again when due, where the step wrote that time) | `due` |
 * | `leave` | nothing: the step gave the claim back; where there is no step, `release` does | |
 */
export type Effect =
  | {
      readonly type: "submit";
      /** Of `SubmitIntent`. */
      readonly event: NewEvent;
    }
  | {
      readonly type: "readOperation" | "cancelOperation";
      readonly operation: OperationToken;
    }
  | {
      readonly type: "findOperation" | "listOutput" | "readOutput";
      readonly attempt: AttemptRecord;
    }
  | { readonly type: "wait"; readonly untilMs: number }
  | { readonly type: "leave" };

/** What is written of a claimed chunk, and what is done next. */
export interface StepDecision {
  /** Written before the effect; when its claim is lost, the effect must not be carried out. */
  readonly step?: ChunkStep;
  /**
   * Whether the step holds times and counts only: when it is never written, something is looked at
   * once more than needed. It may be written later, together with others, but not after a later step;
   * no such step comes right before a submit.
   */
  readonly isMinor?: boolean;
  readonly effect: Effect;
  /**
   * An error that would meet every chunk of the run (permission lost, bucket missing, project unknown):
   * to be told to the user, and reason to stop the run. The chunk goes on trying.
   */
  readonly problem?: Error;
}

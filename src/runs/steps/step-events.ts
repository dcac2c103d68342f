import type { NewEvent } from "../journal/event-record.ts";

/**
 * The events that steps write, beside those of the journal itself.
 *
 * | type | what happened | data |
 * |---|---|---|
 * | `submitting` | the intent to submit was written | `attempt`; after a rejection `rejections` |
 * | `resubmitting` | the intent to send a chunk again whose last submit may have been accepted | `attempt`, `by`: `policy` or `person` |
 * | `accepted` | the service answered with an operation | `operation` |
 * | `rejected` | the submit was refused; it may be sent again | `code`, `retryInMs` |
 * | `unreachable` | nothing reaches the service: the submit waits until something does | `code` |
 * | `reachable` | something does again, before the submit has left | |
 * | `submitUnknown` | the submit may have been accepted | `code` |
 * | `submitInterrupted` | an intent without an outcome was found: its process has ended or was held up | |
 * | `operationLost` | the service does not know the operation any more | `operation` |
 * | `operationEnded` | the operation is done | `as`: `succeeded`, `failed`, `cancelled`; `code` |
 * | `readFailed` | the first of failed reads in a row | `what`, `code` |
 * | `cancelAsked` | the service took the request to cancel | |
 * | `cancelRefused` | it did not: the operation is followed to its end | `code` |
 * | `adopted` | an unknown attempt was found | `by`: `name`, `list`, `output`; `shards` |
 * | `shardsAppeared` | shards that were waited for | `shards` |
 * | `graceOver` | found output stayed incomplete | `shards` |
 * | `undecided` | a person must decide | `shards` |
 * | `givenUp` | an unknown attempt is not looked for any longer | `by`: `policy`, `person`, `cancel`; `shards` |
 * | `ended` | the chunk has ended | `state`, `counts`, `malformed` |
 */
export type StepEventType =
  | "submitting"
  | "resubmitting"
  | "accepted"
  | "rejected"
  | "unreachable"
  | "reachable"
  | "submitUnknown"
  | "submitInterrupted"
  | "operationLost"
  | "operationEnded"
  | "readFailed"
  | "cancelAsked"
  | "cancelRefused"
  | "adopted"
  | "shardsAppeared"
  | "graceOver"
  | "undecided"
  | "givenUp"
  | "ended";

/** An event of a step; members that are undefined are left out. */
export function stepEvent(
  type: StepEventType,
  data: Readonly<Record<string, unknown>> = {},
): NewEvent {
  const told = Object.entries(data).filter(([, value]) => value !== undefined);
  return told.length === 0 ? { type } : { type, data: Object.fromEntries(told) };
}

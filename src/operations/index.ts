export type {
  CancelledEvent,
  FailedEvent,
  OperationEvent,
  PollErrorEvent,
  RunningEvent,
  SettledEvent,
  SucceededEvent,
} from "./operation-events.ts";
export {
  OperationHandle,
  type CancelOutcome,
  type WaitOptions,
  type WatchOptions,
} from "./operation-handle.ts";
export type { KnownOperation } from "./operation-poller.ts";
export { originOf, type OperationOrigin } from "./operation-origin.ts";
export { createOperationRuntime, type OperationRuntime } from "./operation-runtime.ts";
export {
  toSnapshot,
  type CancelledSnapshot,
  type FailedSnapshot,
  type OperationMessage,
  type OperationSnapshot,
  type RunningSnapshot,
  type SettledSnapshot,
  type SucceededSnapshot,
} from "./operation-snapshot.ts";
export { parseOperationReference, type OperationToken } from "./operation-token.ts";
export type { OperationsApi } from "./operations-api.ts";
export type { PollSchedule } from "./poll-schedule.ts";

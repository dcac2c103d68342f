import { backoffMs, type Backoff } from "../../transport/backoff.ts";
import type { AttemptRecord } from "../journal/chunk-record.ts";
import type { Situation } from "./situation.ts";
import { retryDelayMs } from "./step-errors.ts";

/** When something is tried again that failed for the `failures`th time in a row. */
export function retryAtMs(
  { nowMs, random }: Situation,
  backoff: Backoff,
  { failures, error }: { readonly failures: number; readonly error: Error },
): number {
  return Math.ceil(nowMs + Math.max(retryDelayMs(error), backoffMs(backoff, failures - 1, random)));
}

/** When is next looked for what has been waited for since a time; `untilMs` at the latest. */
export function lookAgainAtMs(
  { nowMs, policy: { lookPause } }: Situation,
  { sinceMs, untilMs }: { readonly sinceMs: number; readonly untilMs: number },
): number {
  const pauseMs = Math.max(lookPause.leastMs, (nowMs - sinceMs) / 4);
  return Math.ceil(Math.max(nowMs, Math.min(untilMs, nowMs + Math.min(lookPause.mostMs, pauseMs))));
}

/** When an operation that goes on is read next. */
export function readAgainAtMs(
  { nowMs, planPoll }: Situation,
  { operation, intentMs }: AttemptRecord,
  polls: number,
): number {
  const ageMs = Math.max(0, nowMs - intentMs);
  return Math.ceil(nowMs + planPoll({ origin: operation?.origin, ageMs, polls }));
}

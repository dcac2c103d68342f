import type { ChunkRef } from "./chunk-record.ts";
import type { SubmitGate } from "./chunk-writes.ts";
import { minRate, type FlowChange, type FlowLimits } from "./flow-record.ts";
import type { ChunkKind } from "./run-record.ts";

/** A row of `flow`. */
export interface FlowRow {
  readonly rate: number;
  readonly not_before_ms: number;
  /** When the next submit has its turn. */
  readonly next_ms: number;
}

/** A submit that asks for room. */
export interface FlowDemand extends ChunkRef {
  readonly kind: ChunkKind;
  readonly size: number;
  readonly scope: string;
  readonly limits: FlowLimits;
  readonly nowMs: number;
}

/** There is no room. */
export type Wait = Extract<SubmitGate, { readonly gate: "wait" }>;

/** The pace of a scope that nothing is known of. */
export const fullPace: FlowRow = { rate: 1, not_before_ms: 0, next_ms: 0 };

/** When room in processing is looked for again: operations take minutes. */
const processingPauseMs = 1000;
/** Timers are late by some milliseconds: this much of a delay does not lower the rate. */
const timerSlackMs = 50;

/** Whether a submit finds room beside the inputs of its kind that are in processing. */
export function findRoom({ kind, size, limits }: FlowDemand, processing: number): Wait | undefined {
  const max = kind === "image" ? limits.maxImagesInProcessing : limits.maxFilesInProcessing;
  if (processing === 0 || processing + size <= max) return undefined;
  return { gate: "wait", waitMs: processingPauseMs, limit: "processing" };
}

/** Turns are taken together that are no further apart: the quota is one of a minute. */
const togetherMs = 1000;

/**
 * The pace after one more submit, or how long it has to wait for its turn. `isWithOthers`: submits before it
 * were let through at this same time.
 */
export function takeTurn(
  { limits, nowMs }: Pick<FlowDemand, "limits" | "nowMs">,
  flow: FlowRow,
  { isWithOthers = false }: { readonly isWithOthers?: boolean } = {},
): FlowRow | Wait {
  const startMs = Math.max(flow.next_ms, flow.not_before_ms);
  const latestMs = nowMs + (isWithOthers ? togetherMs : 0);
  if (latestMs < flow.next_ms || nowMs < flow.not_before_ms) {
    return { gate: "wait", waitMs: Math.ceil(startMs - nowMs), limit: "requests" };
  }
  const intervalMs = 60_000 / (limits.requestsPerMinute * flow.rate);
  return { ...flow, next_ms: Math.max(startMs, nowMs - timerSlackMs) + intervalMs };
}

/**
 * The changed pace, or undefined where it stays. While submits are held back, a further cut prolongs
 * that only: several submits that were under way at once meet the same limit, and are one reason to
 * slow down.
 */
export function changePace(
  flow: FlowRow,
  { rateFactor, notBeforeMs = 0, nowMs }: FlowChange & { readonly nowMs: number },
): FlowRow | undefined {
  const isHeld = rateFactor < 1 && flow.not_before_ms > nowMs;
  const rate = isHeld ? flow.rate : Math.min(1, Math.max(minRate, flow.rate * rateFactor));
  if (rate === flow.rate && notBeforeMs <= flow.not_before_ms) return undefined;
  return { ...flow, rate, not_before_ms: Math.max(flow.not_before_ms, notBeforeMs) };
}

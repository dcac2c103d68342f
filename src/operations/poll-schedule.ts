import { backoffMs, type Backoff } from "../transport/backoff.ts";

/** When an operation is read again. */
export type PollSchedule = Backoff;

/**
 * Google's own recommendation for Vision: 20 s, times 1.5, up to 45 s; a tenth of each pause is
 * random, so that operations submitted together are not read together. Source: the long-running
 * settings of `vision_gapic.yaml` in googleapis.
 */
export const servicePollSchedule: PollSchedule = {
  initialMs: 20_000,
  multiplier: 1.5,
  maxMs: 45_000,
  jitter: 0.1,
};

/** For an emulator on the same machine, which has no quota to spare. */
export const emulatorPollSchedule: PollSchedule = {
  initialMs: 50,
  multiplier: 1.5,
  maxMs: 1000,
  jitter: 0.1,
};

/** What the pause before the next read depends on. */
export interface PollHistory {
  /** Reads that were answered. */
  readonly polls: number;
  /** Failed reads since the last one that was answered. */
  readonly failures: number;
  /** What the server asked to wait (`google.rpc.RetryInfo`), in milliseconds. */
  readonly retryDelayMs: number;
}

/** The pause before the next read, in milliseconds; failures make it longer, never shorter. */
export function nextPollDelayMs(
  schedule: PollSchedule,
  history: PollHistory,
  random: () => number,
): number {
  const steps = history.polls + history.failures;
  return Math.max(backoffMs(schedule, steps, random), history.retryDelayMs);
}

import { backoffMs, type Backoff } from "../transport/backoff.ts";
import type { LearnedDurations } from "./learned-durations.ts";
import type { OperationOrigin } from "./operation-origin.ts";

/** When an operation is read again: growing pauses, whatever its age. */
export type PollSchedule = Backoff;

/**
 * Google's own recommendation for Vision: 20 s, times 1.5, up to 45 s. Source: the long-running settings
 * of `vision_gapic.yaml` in googleapis.
 */
const recommended = { initialMs: 20_000, multiplier: 1.5, maxMs: 45_000 } as const;

/** For an emulator on the same machine, which has no quota to spare. */
export const emulatorPollSchedule: PollSchedule = {
  initialMs: 50,
  multiplier: 1.5,
  maxMs: 1000,
  jitter: 0.1,
};

/** After a read that failed: later than planned, and no two clients at the same time. */
const failureBackoff: Backoff = { ...recommended, jitter: 0.25 };
const leastPauseMs = 1000;
/**
 * However sure the others make it that an operation goes on: it is read within its first minute, and
 * before it is five times as old as at the last read, for one that ends unlike them, as one that fails at
 * once does, should not stay unnoticed until they end.
 */
const surprise = { withinMs: 60_000, factor: 5 } as const;
/** The share of a pause that is random where many operations are watched. */
const jitter = 0.1;

/** What the pause before the next read depends on. */
export interface PollHistory {
  readonly origin: OperationOrigin | undefined;
  /** How old the operation was at the last read. */
  readonly ageMs: number;
  /** Reads that were answered since the watching began. */
  readonly polls: number;
  /** Failed reads since the last one that was answered. */
  readonly failures: number;
  /** How many operations are read beside this one. */
  readonly others: number;
  /** The share of the pause that is enough while nothing is known of its kin: less than 1 for one of several, at first, and for the first of them. */
  readonly phase: number;
  /** A random number from 0 to 1, the same as long as the same read is planned. */
  readonly chance: number;
}

/** Tells the pause before the next read of an operation, in milliseconds: the same for the same history until more is learned. */
export type PollPlanner = (history: PollHistory) => number;

/** The planner of a schedule that does not learn. */
export function fixedPlanner(schedule: PollSchedule): PollPlanner {
  return ({ polls, failures, chance }) => backoffMs(schedule, polls + failures, () => chance);
}

/**
 * The planner for a service with a quota: when an operation is read follows from how long others like it
 * took. Where none is known, and for one that outlasts them all, pauses grow with its age as Google
 * recommends: 20 s, 30 s, 45 s for one that is new, 45 s for one that is old.
 */
export function learningPlanner(durations: LearnedDurations): PollPlanner {
  return ({ origin, ageMs, failures, others, phase, chance }) => {
    if (failures > 0) return backoffMs(failureBackoff, failures, () => chance);
    const learnedMs = durations.nextReadAgeMs(origin, ageMs);
    const latestMs = Math.max(surprise.withinMs, surprise.factor * ageMs);
    const pauseMs =
      learnedMs === undefined
        ? // One that outlasts all others is read no more often for having begun before them.
          (durations.knows(origin) ? 1 : phase) * proportionalMs(ageMs)
        : Math.min(learnedMs, latestMs) - ageMs;
    // One alone has nobody to keep apart from; those that were submitted together have.
    const randomShare = jitter * (others / (others + 1)) * chance;
    return Math.max(leastPauseMs, pauseMs) * (1 - randomShare);
  };
}

/** For an operation of 0, 20, 50, 95, 140 s that is Google's 20, 30, 45, 45, 45 s. */
function proportionalMs(ageMs: number): number {
  const { initialMs, multiplier, maxMs } = recommended;
  return Math.min(maxMs, Math.max(initialMs, multiplier * ageMs));
}

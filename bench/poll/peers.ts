import type { Followed } from "./virtual-service.ts";

/** A schedule as other clients have it: growing pauses, the same for every operation. */
export interface PeerSchedule {
  readonly initialMs: number;
  readonly multiplier: number;
  readonly maxMs: number;
}

/** google-gax, as `@google-cloud/vision` 6.1.0 configures it. */
export const gax: PeerSchedule = { initialMs: 100, multiplier: 1.3, maxMs: 60_000 };

/** What Google recommends in `vision_gapic.yaml`. */
export const yaml: PeerSchedule = { initialMs: 20_000, multiplier: 1.5, maxMs: 45_000 };

/** What following an operation of this duration takes by a peer's schedule. */
export function followByPeer(schedule: PeerSchedule, durationMs: number): Followed {
  let pauseMs = schedule.initialMs;
  for (let polls = 1, atMs = pauseMs; ; polls += 1) {
    if (atMs >= durationMs) return { polls, lagMs: atMs - durationMs };
    pauseMs = Math.min(schedule.maxMs, pauseMs * schedule.multiplier);
    atMs += pauseMs;
  }
}

/** The means of many. */
export function meanOf(all: readonly Followed[]): Followed {
  const sum = (pick: (followed: Followed) => number): number =>
    all.reduce((total, followed) => total + pick(followed), 0);
  return {
    polls: sum(({ polls }) => polls) / all.length,
    lagMs: sum(({ lagMs }) => lagMs) / all.length,
  };
}

/** Polls times mean lag: what a schedule costs, however it shares it between the two. */
export function costOf({ polls, lagMs }: Followed): number {
  return polls * lagMs;
}

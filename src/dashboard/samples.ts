import type { ThroughputPoint } from "./dashboard-data.ts";

const pointsKept = 600;
/** A point that tells nothing new is still one, so that it is seen that somebody looked. */
const stillMs = 10_000;
const minuteMs = 60_000;
/** A shorter time tells too little of a pace. */
const leastMs = 5000;

/** How a run went while somebody looked. */
export class Samples {
  #points: ThroughputPoint[] = [];

  /** Those after a time. */
  since(ms: number): readonly ThroughputPoint[] {
    const first = this.#points.findIndex(({ atMs }) => atMs > ms);
    return first < 0 ? [] : this.#points.slice(first);
  }

  /** Adds a point where it tells something new. */
  add(point: ThroughputPoint): void {
    const last = this.#points.at(-1);
    if (last !== undefined) {
      if (point.atMs <= last.atMs) return;
      const isSame = JSON.stringify({ ...point, atMs: 0 }) === JSON.stringify({ ...last, atMs: 0 });
      if (isSame && point.atMs - last.atMs < stillMs) return;
    }
    this.#points.push(point);
    // The older ones are told less finely.
    if (this.#points.length > pointsKept) this.#points = this.#points.filter(isKept);
  }

  /** Submits at the pace of the last minute, where it was watched for some time of it. */
  submitsPerMinute(atMs: number): number | undefined {
    const recent = this.since(atMs - minuteMs - 1);
    const [first, last] = [recent[0], recent.at(-1)];
    if (first === undefined || last === undefined || atMs - first.atMs < leastMs) return undefined;
    return Math.round(((last.submits - first.submits) * minuteMs) / (atMs - first.atMs));
  }
}

function isKept(_: ThroughputPoint, place: number, points: readonly ThroughputPoint[]): boolean {
  return place % 2 === 0 || place > points.length / 2;
}

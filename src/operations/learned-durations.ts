import { effortCurve, nextReadAgeMs, type EffortCurve } from "./effort-curve.ts";
import type { OperationOrigin } from "./operation-origin.ts";

/** The newest durations that are kept of operations that are alike. */
const samplesKept = 512;
/** Kinds and sizes that are kept; the one that has not been used for longest goes first. */
const groupsKept = 64;
/** The share of new durations that makes a curve old. */
const newShare = 0.05;

interface Group {
  readonly durationsMs: number[];
  /** Where the next duration goes. */
  next: number;
  /** Durations since the curve was made. */
  fresh: number;
  curve: EffortCurve | undefined;
}

/**
 * How long operations took that are done, to tell when others like them may be: of the same method, and
 * of a size that differs by less than a factor of two.
 */
export class LearnedDurations {
  readonly #groups = new Map<string, Group>();

  /** An operation of this origin took so long. */
  learn(origin: OperationOrigin | undefined, durationMs: number): void {
    const key = keyOf(origin);
    const group = this.#groups.get(key) ?? { durationsMs: [], next: 0, fresh: 0, curve: undefined };
    group.durationsMs[group.next] = durationMs;
    group.next = (group.next + 1) % samplesKept;
    group.fresh += 1;
    this.#keep(key, group);
  }

  /** The age for the next read of an operation after one at `ageMs`; undefined where nothing is known of its like. */
  nextReadAgeMs(origin: OperationOrigin | undefined, ageMs: number): number | undefined {
    const group = this.#groups.get(keyOf(origin));
    if (group === undefined) return undefined;
    if (group.curve === undefined || group.fresh > newShare * group.durationsMs.length) {
      group.curve = effortCurve(group.durationsMs);
      group.fresh = 0;
    }
    return nextReadAgeMs(group.curve, ageMs);
  }

  #keep(key: string, group: Group): void {
    this.#groups.delete(key);
    this.#groups.set(key, group);
    const [oldest] = this.#groups.keys();
    if (this.#groups.size > groupsKept && oldest !== undefined) this.#groups.delete(oldest);
  }
}

/** Operations that nobody knows the origin of have at least that in common. */
function keyOf(origin: OperationOrigin | undefined): string {
  if (origin === undefined) return "";
  return `${origin.kind} ${Math.floor(Math.log2(Math.max(1, origin.size)))}`;
}

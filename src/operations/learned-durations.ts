import { effortCurve, nextReadAgeMs, type EffortCurve } from "./effort-curve.ts";
import { kinOf, type OperationOrigin } from "./operation-origin.ts";

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

/** How long operations took that are done, to tell when others of their kin may be. */
export class LearnedDurations {
  readonly #groups = new Map<string, Group>();

  /** An operation of this origin took so long; true where that changes when others like it are to be read. */
  learn(origin: OperationOrigin | undefined, durationMs: number): boolean {
    const key = kinOf(origin);
    const group = this.#groups.get(key) ?? { durationsMs: [], next: 0, fresh: 0, curve: undefined };
    group.durationsMs[group.next] = durationMs;
    group.next = (group.next + 1) % samplesKept;
    group.fresh += 1;
    this.#keep(key, group);
    return isOutdated(group);
  }

  /** Whether any operation of this kin was seen to end. */
  knows(origin: OperationOrigin | undefined): boolean {
    return this.#groups.has(kinOf(origin));
  }

  /** The age for the next read of an operation after one at `ageMs`; undefined where nothing is known of its like. */
  nextReadAgeMs(origin: OperationOrigin | undefined, ageMs: number): number | undefined {
    const group = this.#groups.get(kinOf(origin));
    if (group === undefined) return undefined;
    if (group.curve === undefined || isOutdated(group)) {
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

/** Whether a curve must be made again. */
function isOutdated({ fresh, durationsMs }: Group): boolean {
  return fresh > newShare * durationsMs.length;
}

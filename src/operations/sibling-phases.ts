import { kinOf, type OperationOrigin } from "./operation-origin.ts";

/** Steps of this share of a circle leave no large gap between any number of them in a row. */
const goldenShare = (Math.sqrt(5) - 1) / 2;

interface Siblings {
  /** In the order in which they came. */
  readonly followed: Set<object>;
  /** How many have come since there was none. */
  came: number;
  /** How many were followed when it was said last that they have grown. */
  told: number;
}

/** Reads of the first of some siblings, for each that all others have together, at most. */
const firstShare = 1 / 2;

/**
 * When operations of one kin are read of which nothing is known yet: at different ages, so that the first
 * that ends is soon seen and tells of the others; and the one that began first more often than they are, for
 * it is the most likely to have ended.
 */
export class SiblingPhases {
  readonly #kin = new Map<string, Siblings>();

  /**
   * One is followed from now on. `phase` is its share of the first pause, above 0; 1 for one that has no
   * siblings. `hasGrown`: there are twice as many as when it was said last, which changes the first one's share.
   */
  enter(
    origin: OperationOrigin | undefined,
    follower: object,
  ): { readonly phase: number; readonly hasGrown: boolean } {
    const kin = kinOf(origin);
    const siblings = this.#kin.get(kin) ?? { followed: new Set(), came: 0, told: 2 };
    this.#kin.set(kin, siblings);
    const phase = 1 - ((siblings.came * goldenShare) % 1);
    siblings.followed.add(follower);
    siblings.came += 1;
    const { size } = siblings.followed;
    const hasGrown = size >= 2 * siblings.told;
    if (hasGrown) siblings.told = size;
    return { phase, hasGrown };
  }

  /** The share of its pauses that is enough for one that is followed: less than 1 for the first of several. */
  shareOf(origin: OperationOrigin | undefined, follower: object): number {
    const followed = this.#kin.get(kinOf(origin))?.followed;
    const [first] = followed ?? [];
    return first === follower ? 1 / Math.max(1, firstShare * (followed?.size ?? 1)) : 1;
  }

  /** One that entered is not followed any more. */
  leave(origin: OperationOrigin | undefined, follower: object): void {
    const kin = kinOf(origin);
    const siblings = this.#kin.get(kin);
    if (siblings === undefined) return;
    siblings.followed.delete(follower);
    if (siblings.followed.size === 0) this.#kin.delete(kin);
  }
}

import { kinOf, type OperationOrigin } from "./operation-origin.ts";

/** Steps of this share of a circle leave no large gap between any number of them in a row. */
const goldenShare = (Math.sqrt(5) - 1) / 2;

interface Siblings {
  followed: number;
  /** How many have come since there was none. */
  came: number;
}

/**
 * Where in its first pause an operation is read, so that operations of one kin that began together are
 * read at all ages, and the first that ends is soon seen and tells of the others.
 */
export class SiblingPhases {
  readonly #kin = new Map<string, Siblings>();

  /** One is followed from now on: its share of the first pause, above 0; 1 for one that has no siblings. */
  enter(origin: OperationOrigin | undefined): number {
    const kin = kinOf(origin);
    const siblings = this.#kin.get(kin) ?? { followed: 0, came: 0 };
    this.#kin.set(kin, siblings);
    const phase = 1 - ((siblings.came * goldenShare) % 1);
    siblings.followed += 1;
    siblings.came += 1;
    return phase;
  }

  /** One that entered is not followed any more. */
  leave(origin: OperationOrigin | undefined): void {
    const kin = kinOf(origin);
    const siblings = this.#kin.get(kin);
    if (siblings === undefined) return;
    siblings.followed -= 1;
    if (siblings.followed === 0) this.#kin.delete(kin);
  }
}

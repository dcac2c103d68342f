import { expect } from "chai";
import { mapAhead } from "../../src/results/map-ahead.ts";

const same = <T>(item: T): Promise<T> => Promise.resolve(item);

/** Numbers up to a last one, from an iterator that is written by hand and keeps to no queue. */
class Counting implements AsyncIterableIterator<number> {
  /** How it was asked after it had been left behind: while it was busy, or when it had ended. */
  readonly faults: string[] = [];
  readonly #last: number;
  readonly #error: Error | undefined;
  #at = 0;
  #isBusy = false;
  #hasEnded = false;

  constructor(last: number, error?: Error) {
    this.#last = last;
    this.#error = error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<number>> {
    if (this.#isBusy) this.faults.push("busy");
    if (this.#hasEnded) this.faults.push("ended");
    this.#isBusy = true;
    await new Promise((resolve) => setImmediate(resolve));
    this.#isBusy = false;
    if (this.#at < this.#last) return { done: false, value: ++this.#at };
    this.#hasEnded = true;
    if (this.#error !== undefined) throw this.#error;
    return { done: true, value: undefined };
  }
}

async function listOf<T>(items: AsyncIterable<T>, into: T[] = []): Promise<readonly T[]> {
  for await (const item of items) into.push(item);
  return into;
}

describe("mapAhead", () => {
  it("asks for one item at a time, and for none behind the end", async () => {
    const items = new Counting(6);
    expect(await listOf(mapAhead(() => items, { ahead: 3 }, same))).to.deep.equal([
      1, 2, 3, 4, 5, 6,
    ]);
    expect(items.faults).to.deep.equal([]);
  });

  it("throws what the items throw, behind those before it, and asks for no more", async () => {
    const error = new Error("no more");
    const items = new Counting(2, error);
    const given: number[] = [];
    const reading = listOf(
      mapAhead(() => items, { ahead: 3 }, same),
      given,
    );
    expect(await reading.catch((reason: unknown) => reason)).to.equal(error);
    expect(given).to.deep.equal([1, 2]);
    expect(items.faults).to.deep.equal([]);
  });

  it("loads items of a list ahead, and leaves off where its reader does", async () => {
    const loaded: number[] = [];
    const load = (item: number): Promise<number> => {
      loaded.push(item);
      return Promise.resolve(item);
    };
    for await (const item of mapAhead(() => [1, 2, 3, 4, 5, 6], { ahead: 2 }, load)) {
      if (item === 2) break;
    }
    expect(loaded).to.deep.equal([1, 2, 3, 4]);
  });
});

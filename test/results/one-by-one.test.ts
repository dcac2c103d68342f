import { expect } from "chai";
import { oneByOne } from "../../src/results/one-by-one.ts";

/** Lists that note how they end. */
function listsOf(lists: readonly (readonly number[])[], ends: string[] = [], error?: Error) {
  return (async function* () {
    try {
      for (const list of lists) {
        await Promise.resolve();
        yield list;
      }
      if (error !== undefined) throw error;
      ends.push("through");
    } finally {
      ends.push("left");
    }
  })();
}

const unchecked = (): void => undefined;

describe("oneByOne", () => {
  it("gives the items of all lists in their order, empty ones among them", async () => {
    const items = oneByOne(listsOf([[], [1, 2], [], [], [3], []]), unchecked);
    const given: number[] = [];
    for await (const item of items) given.push(item);
    expect(given).to.deep.equal([1, 2, 3]);
    expect(await items.next()).to.deep.equal({ done: true, value: undefined });
  });

  it("gives each item once to whoever asks before there are any", async () => {
    const items = oneByOne(listsOf([[1, 2], [3]]), unchecked);
    const asked = await Promise.all([1, 2, 3, 4].map(() => items.next()));
    expect(asked.map(({ value }) => value)).to.deep.equal([1, 2, 3, undefined]);
  });

  it("gives first to whoever asks first, whenever the others ask", async () => {
    for (let turns = 0; turns < 12; turns++) {
      const items = oneByOne(listsOf([[1, 2, 3]]), unchecked);
      const asked = [items.next(), items.next()];
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      asked.push(items.next());
      const given = await Promise.all(asked);
      expect(given.map(({ value }) => value)).to.deep.equal([1, 2, 3]);
    }
  });

  it("leaves the lists on break, in the middle of one", async () => {
    const ends: string[] = [];
    for await (const item of oneByOne(listsOf([[1, 2, 3], [4]], ends), unchecked)) {
      if (item === 2) break;
    }
    expect(ends).to.deep.equal(["left"]);
  });

  it("throws what the lists throw, behind the items before it", async () => {
    const error = new Error("cut off");
    const items = oneByOne(listsOf([[1]], [], error), unchecked);
    expect(await items.next()).to.deep.equal({ done: false, value: 1 });
    expect(await items.next().catch((reason: unknown) => reason)).to.equal(error);
    expect(await items.next()).to.deep.equal({ done: true, value: undefined });
  });

  it("ends before the next item when the check throws, and leaves the lists", async () => {
    const ends: string[] = [];
    const reason = new Error("stopped");
    let isStopped = false;
    const items = oneByOne(listsOf([[1, 2], [3]], ends), () => {
      if (isStopped) throw reason;
    });
    await items.next();
    isStopped = true;
    expect(await items.next().catch((error: unknown) => error)).to.equal(reason);
    expect(ends).to.deep.equal(["left"]);
    expect(await items.next()).to.deep.equal({ done: true, value: undefined });
  });

  it("throws why it has ended, though the lists cannot be left in order", async () => {
    const reason = new Error("stopped");
    const lists = listsOf([[1], [2]]);
    lists.return = () => Promise.reject(new Error("the lists are stuck"));
    const items = oneByOne(lists, () => {
      throw reason;
    });
    expect(await items.next().catch((error: unknown) => error)).to.equal(reason);
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { packRequests } from "../../src/annotation/pack-requests.ts";
import { collect } from "../fixtures/collect.ts";

async function* iterate<T>(items: readonly T[], failure?: Error): AsyncGenerator<T> {
  yield* items;
  if (failure !== undefined) throw failure;
}

describe("packRequests", () => {
  const { signal } = new AbortController();
  const sizes = fc.array(fc.option(fc.integer({ min: 1, max: 130 }), { nil: undefined }));

  async function pack(
    bytes: readonly (number | undefined)[],
    limits = { items: 16, bytes: 100, signal },
  ) {
    const items = bytes.map((size, index) => ({ bytes: size, index }));
    return collect(packRequests(iterate(items), limits));
  }

  it("has every item once, in order, and no pack beyond the limits", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 16 }), async (bytes, items) => {
        const packs = await pack(bytes, { items, bytes: 100, signal });
        expect(packs.flat().map(({ index }) => index)).to.deep.equal([...bytes.keys()]);
        for (const one of packs) {
          const sent = one.flatMap((item) => item.bytes ?? []);
          expect(one).to.not.be.empty;
          expect(sent.length).to.be.at.most(items);
          const total = sent.reduce((sum, size) => sum + size, 0) + Math.max(0, sent.length - 1);
          if (sent.length > 1) expect(total).to.be.at.most(100);
        }
      }),
    );
  });

  it("begins a new pack only where the next item does not fit", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 130 })), async (bytes) => {
        const packs = await pack(bytes);
        for (const [index, one] of packs.slice(0, -1).entries()) {
          const total = one.reduce((sum, item) => sum + (item.bytes ?? 0) + 1, 0);
          const next = packs[index + 1]?.[0]?.bytes ?? 0;
          expect(one.length === 16 || total + next > 100).to.equal(true);
        }
      }),
    );
  });

  it("does not let a long row of what is not sent wait for what is", async () => {
    const packs = await pack(new Array<undefined>(200).fill(undefined));
    expect(packs.map((one) => one.length)).to.deep.equal([64, 64, 64, 8]);
  });

  it("packs what came before a failure, then throws it", async () => {
    const items = packRequests(iterate([{ bytes: 1 }], new Error("cut")), {
      items: 2,
      bytes: 10,
      signal,
    });
    expect((await items.next()).value).to.deep.equal([{ bytes: 1 }]);
    const error: unknown = await items.next().catch((caught: unknown) => caught);
    expect(error).to.have.property("message", "cut");
  });

  it("packs nothing more once it is aborted", async () => {
    const aborted = AbortSignal.abort(new Error("stop"));
    const items = packRequests(iterate([{ bytes: 1 }], new Error("cut")), {
      items: 2,
      bytes: 10,
      signal: aborted,
    });
    const error: unknown = await items.next().catch((caught: unknown) => caught);
    expect(error).to.have.property("message", "stop");
  });
});

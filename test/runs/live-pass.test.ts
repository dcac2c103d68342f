import { expect } from "chai";
import { DocumentRoom, HeldDocuments } from "../../src/runs/held-documents.ts";
import { LivePass } from "../../src/runs/live-pass.ts";
import type { RunResultRecord } from "../../src/index.ts";

const inputs = Array.from({ length: 6 }, (_, index) => ({ index, uri: `gs://in/${index}.png` }));
const records = inputs.map(({ index, uri }) => ({ status: "missing", index, uri }) as const);

/** A page of the document of this index. */
const page = (index: number, number: number) =>
  ({ status: "missing", index, uri: `gs://in/${index}.png`, page: number }) as const;

/** A pass of one chunk that holds documents as far as there is room, and a way to abort the work on it. */
function startHolding(room = new DocumentRoom()) {
  const work = new AbortController();
  const documents = new HeldDocuments<"v1">(room);
  const given = { inputs, signal: work.signal };
  return { pass: new LivePass<"v1">(0, given, { documents }), work, room };
}

/** A pass of one chunk, and a way to abort the work on it. */
function startPass(): { readonly pass: LivePass<"v1">; readonly work: AbortController } {
  const work = new AbortController();
  const given = { inputs, signal: work.signal };
  return { pass: new LivePass<"v1">(0, given), work };
}

async function read(pass: LivePass<"v1">): Promise<readonly RunResultRecord[]> {
  const taken: RunResultRecord[] = [];
  for await (const batch of pass.batches()) taken.push(...batch);
  return taken;
}

describe("LivePass", () => {
  it("is whole when every record was taken", async () => {
    const { pass } = startPass();
    const reading = read(pass);
    for (const record of records) await pass.put([record]);
    pass.end(true);
    expect((await reading).map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4, 5]);
    expect(pass.isWhole).to.equal(true);
  });

  it("is not whole when the work ended while records waited for their reader", async () => {
    const { pass, work } = startPass();
    const putting = Promise.all(records.slice(0, 4).map((record) => pass.put([record])));
    work.abort();
    await putting;
    for (const record of records.slice(4)) await pass.put([record]);
    pass.end(true);
    expect(await read(pass)).to.have.length(4);
    expect(pass.isWhole).to.equal(false);
  });

  describe("that holds documents", () => {
    it("gives their pages together once all are there, and other records as they come", async () => {
      const { pass } = startHolding();
      const reading = read(pass);
      await pass.put([page(0, 1), page(0, 3), ...records.slice(1, 2)]);
      await pass.put([page(2, 1)]);
      await pass.put([page(0, 2)]);
      pass.end(true);
      const told = (await reading).map(({ index, page }) => [index, page]);
      expect(told).to.deep.equal([
        [1, undefined],
        [0, 1],
        [0, 2],
        [0, 3],
        [2, 1],
      ]);
      expect(pass.isWhole).to.equal(true);
    });

    it("gives none of them where the reading is broken off", async () => {
      const { pass, room } = startHolding(new DocumentRoom(100));
      await pass.put([page(0, 1)]);
      pass.end(false);
      expect(await read(pass)).to.have.length(0);
      expect(room.take(100), "room that was given back").to.equal(true);
    });

    it("is not whole where there is no room for them, and has it for others then", async () => {
      const room = new DocumentRoom(200);
      const large = startHolding(room).pass;
      await large.put([page(0, 1), page(0, 2), page(0, 3), page(0, 4)]);
      await large.put([page(0, 5)]);
      const small = startHolding(room).pass;
      await small.put([page(0, 1), page(0, 2)]);
      large.end(true);
      small.end(true);
      expect(await read(large)).to.have.length(0);
      expect(large.isWhole).to.equal(false);
      expect(await read(small)).to.have.length(2);
      expect(small.isWhole).to.equal(true);
      expect(room.take(200), "room that was given back").to.equal(true);
    });
  });
});

import { expect } from "chai";
import { LivePass } from "../../src/runs/live-pass.ts";
import type { RunResultRecord } from "../../src/index.ts";

const inputs = Array.from({ length: 6 }, (_, index) => ({ index, uri: `gs://in/${index}.png` }));
const records = inputs.map(({ index, uri }) => ({ status: "missing", index, uri }) as const);

/** A pass of one chunk, and a way to abort the work on it. */
function startPass(): { readonly pass: LivePass<"v1">; readonly work: AbortController } {
  const work = new AbortController();
  const given = { inputs, signal: work.signal };
  return { pass: new LivePass<"v1">(0, given, () => undefined), work };
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
});

import { expect } from "chai";
import { until } from "../../fixtures/emulator.ts";
import { request, RunsFixture } from "../runs-fixture.ts";

describe("results of a run that are read slowly", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(() => fixture.close());

  it("hold up no other run, even one that is waited for with each of them", async () => {
    const runs = await fixture.open();
    const read = await runs.start(request(40));
    let seen = 0;
    for await (const { status } of read.results()) {
      expect(status).to.equal("succeeded");
      if (seen++ > 0) continue;
      const other = await runs.start(request(20, { id: "other" }));
      expect((await other.wait()).inputs.succeeded).to.equal(20);
    }
    expect(seen).to.equal(40);
  });

  it("hold up no submit, however few chunks are worked on at a time, and few are held that wait for them", async () => {
    const maxChunks = 2;
    const runs = await fixture.open({ maxChunks });
    const run = await runs.start(request(80));
    const seen: number[] = [];
    for await (const { index } of run.results()) {
      seen.push(index);
      if (seen.length > 1) continue;
      await until(() => fixture.accepted().size === 8);
      const other = await runs.start(request(20, { id: "other" }));
      expect((await other.wait()).inputs.succeeded).to.equal(20);
      await until(async () => {
        const { collecting, done } = (await run.snapshot()).chunks;
        return collecting > 2 * maxChunks && collecting + done === 8;
      });
      const held: number[] = [];
      for await (const { chunk } of run.chunks()) {
        if (chunk.worker !== undefined) held.push(chunk.number);
      }
      expect(held.length).to.be.within(1, 2 * maxChunks);
    }
    expect(seen.sort((a, b) => a - b)).to.deep.equal([...Array(80).keys()]);
    expect(fixture.admin.submits()).to.have.length(10);
  });
});

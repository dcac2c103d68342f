import { expect } from "chai";
import { collect } from "../fixtures/collect.ts";
import { until } from "../fixtures/emulator.ts";
import { images, request, RunsFixture } from "./runs-fixture.ts";

const status = { code: "INTERNAL", message: "Broken." } as const;

describe("the inputs of a run", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(() => fixture.close());

  it("are found by URI and by name, also where JSON writes these otherwise", async () => {
    const runs = await fixture.open();
    const odd = { uri: 'gs://inputs/"ü\\ .png', customId: "image 7 of 'them'\u2028" };
    const twice = { uri: "gs://inputs/3.png", customId: "again" };
    const run = await runs.start(request(0, { inputs: [...images(15), odd, twice] }));
    expect(await run.findInput("gs://inputs/14.png")).to.equal(14);
    expect(await run.findInput("image 14")).to.equal(14);
    expect(await run.findInput(odd.uri)).to.equal(15);
    expect(await run.findInput(odd.customId)).to.equal(15);
    expect(await run.findInput(twice.uri)).to.equal(3);
    expect(await run.findInput("again")).to.equal(16);
    // Part of what stands there, and what only looks like it.
    for (const name of ["image 1 ", "gs://inputs/1", "numbers", "image 15", ""]) {
      expect(await run.findInput(name), name).to.equal(undefined);
    }
  });

  it("are told of chunk by chunk: where they stand, what became of them, where their results are", async () => {
    fixture.admin.setFaults([
      { method: "AsyncBatchAnnotateImages", nth: 1, when: "operation", status },
    ]);
    const runs = await fixture.open();
    const run = await runs.start(request(10));
    const { state } = await run.wait();
    expect(state).to.equal("done");
    fixture.admin.holdOperations(true);
    const { run: again } = await runs.retryFailed(run.id);
    await until(() => fixture.admin.submits().length === 2);
    const open = await collect(run.places(4));
    expect(
      open.map(({ chunk, position, status }) => [chunk.number, position, status]),
    ).to.deep.equal([
      [0, 4, "retried"],
      [1, 4, undefined],
    ]);
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    expect((await again.wait()).rounds).to.equal(1);
    const [first, second] = await collect(run.places(4));
    expect(first?.prefix).to.equal("gs://out/results/scans/000000/1/");
    expect(second).to.deep.include({
      ...{ input: { index: 4, ...(images(5)[4] as object) }, status: "succeeded" },
      prefix: "gs://out/results/scans/000001/1/",
    });
    expect(await collect(run.places(10))).to.deep.equal([]);
    const report = await run.outcome(1);
    expect(report?.statuses).to.deep.equal(Array(10).fill("succeeded"));
    expect(report?.counts.succeeded).to.equal(10);
    expect(report?.manifest?.shards).to.equal(1);
    expect((await run.chunk(1))?.chunk).to.include({ state: "done", round: 1 });
    expect(await run.chunk(2)).to.equal(undefined);
    expect(await run.outcome(2)).to.equal(undefined);
  });
});

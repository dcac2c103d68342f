import { expect } from "chai";
import { openRuns, type Runs } from "../../src/index.ts";
import { request, RunsFixture } from "./runs-fixture.ts";

describe("Run", () => {
  let fixture: RunsFixture;
  let runs: Runs;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
    runs = await fixture.open({ drive: false });
  });

  afterEach(() => fixture.close());

  it("lists a part of its chunks", async () => {
    const run = await runs.start(request(50));
    const numbers = async (options: Parameters<typeof run.chunks>[0]): Promise<number[]> => {
      const listed: number[] = [];
      for await (const { chunk } of run.chunks(options)) listed.push(chunk.number);
      return listed;
    };
    expect(await numbers({})).to.deep.equal([0, 1, 2, 3, 4]);
    expect(await numbers({ after: 1, limit: 2 })).to.deep.equal([2, 3]);
    expect(await numbers({ after: 3, limit: 9 })).to.deep.equal([4]);
    expect(await numbers({ states: ["running"], limit: 2 })).to.deep.equal([]);
    expect(await numbers({ limit: 0 })).to.deep.equal([]);
  });

  it("tells its limits, and how fast it may submit", async () => {
    const run = await runs.start(request(10, { scope: "p", limits: { requestsPerMinute: 60 } }));
    expect(run.scope).to.equal("p");
    expect(await run.pace()).to.deep.equal({
      scope: "p",
      limits: { maxImagesInProcessing: 8000, maxFilesInProcessing: 400, requestsPerMinute: 60 },
      ...{ rate: 1, notBeforeMs: 0 },
    });
  });

  it("tells when its state was changed", async () => {
    const run = await runs.start(request(10));
    const paused = await runs.pause(run.id);
    expect(paused.changedMs).to.be.greaterThanOrEqual((await run.snapshot()).createdMs);
    expect((await runs.get(run.id))?.changedMs).to.equal(paused.changedMs);
  });

  it("is changed by runs that do not work on it, whatever its version of the API", async () => {
    const run = await runs.start(request(10));
    await using others = await openRuns({
      ...{ journal: fixture.journal, drive: false },
      client: { version: "v1p4beta1", emulator: fixture.addresses },
    });
    await others.pause(run.id);
    expect((await others.resume(run.id)).state).to.equal("running");
    expect((await others.cancel(run.id)).state).to.equal("cancelling");
    expect((await run.snapshot()).inputs.notSubmitted).to.equal(10);
  });
});

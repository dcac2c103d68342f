import { expect } from "chai";
import type { Run } from "../../src/index.ts";
import { request } from "../runs/runs-fixture.ts";
import { until, WorkersFixture } from "./workers-fixture.ts";

describe("createWorker", function () {
  this.timeout(60_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  function expectOnceEach(chunks: number): void {
    expect([...fixture.runs.accepted().values()]).to.deep.equal(Array(chunks).fill(1));
  }

  const workersOf = async (run: Run, type: string): Promise<Set<string | undefined>> => {
    const workers = new Set<string | undefined>();
    for await (const event of run.events()) if (event.type === type) workers.add(event.worker);
    return workers;
  };

  it("works on a run beside others, and sends each chunk once", async () => {
    const workers = [await fixture.worker(), await fixture.worker()];
    const service = await fixture.service();
    const run = await service.start(request(200));
    const over = await run.wait();
    expect(over).to.include({ state: "done" });
    expect(over.inputs.succeeded).to.equal(200);
    expectOnceEach(20);
    const ids = new Set(workers.map(({ id }) => id));
    expect(await workersOf(run, "ended")).to.deep.equal(ids);
  });

  it("stays beside others within the limits", async () => {
    fixture.admin.holdOperations(true);
    await fixture.worker();
    await fixture.worker();
    const service = await fixture.service();
    const limits = { maxImagesInProcessing: 50 };
    const run = await service.start(request(150, { limits }));
    for (const done of [0, 5, 10]) {
      await until(async () => {
        const { chunks } = await run.snapshot();
        expect(chunks.submitting + chunks.running).to.be.at.most(5);
        return chunks.done === done && chunks.running === 5;
      });
      expect(fixture.admin.submits()).to.have.length(done + 5);
      fixture.admin.releaseOperation();
    }
    expect((await run.wait()).inputs.succeeded).to.equal(150);
    expectOnceEach(15);
  });
});

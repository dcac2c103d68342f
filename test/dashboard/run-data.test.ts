import { expect } from "chai";
import { toLimits, toRunEntry } from "../../src/dashboard/run-data.ts";
import { until } from "../fixtures/emulator.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";

describe("the data of a run", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(() => fixture.close());

  it("counts nothing as in processing that waits for people, and tells no time left of it", async () => {
    const lost = { method: "AsyncBatchAnnotateImages", dropConnection: true } as const;
    fixture.admin.setFaults([{ ...lost, nth: 1, when: "beforeAcceptance" }]);
    const runs = await fixture.open({ drive: false });
    const working = await fixture.open({ maxSubmitting: 1 });
    const run = await runs.start(request(20, { quarantineMs: 1000 }));
    const seen = async () => {
      const snapshot = await run.snapshot();
      return toRunEntry({ run, snapshot, perSecond: 2, readOnly: false });
    };
    expect((await seen()).timeLeftMs).to.equal(10_000);
    await working.resume("scans");
    await until(async () => (await seen()).undecided === 1 && (await seen()).inputs.open === 10);
    expect(await seen())
      .to.include({ inputsPerSecond: 2 })
      .and.not.have.property("timeLeftMs");
    const snapshot = await run.snapshot();
    expect(snapshot.openInputs.unknown).to.equal(10);
    const sharing = [{ run, snapshot }];
    const limits = toLimits(await run.pace(), { sharing, submitsPerMinute: undefined });
    expect(limits).to.include({ imagesInProcessing: 0, inputsInProcessing: 0 });
  });
});

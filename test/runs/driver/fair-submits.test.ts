import { expect } from "chai";
import { until } from "../../fixtures/emulator.ts";
import { request, RunsFixture } from "../runs-fixture.ts";

describe("the submits of several runs", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(() => fixture.close());

  function acceptedOf(id: string): number {
    const prefix = `gs://out/results/${id}/`;
    const submits = fixture.admin.submits();
    return submits.filter(({ outputPrefixes }) => outputPrefixes[0]?.startsWith(prefix)).length;
  }

  for (const scope of ["", "another project"]) {
    it(`of ${scope === "" ? "one scope" : "two scopes"} do not wait for one that has no room for more`, async () => {
      fixture.admin.holdOperations(true);
      const runs = await fixture.open();
      const limits = { maxImagesInProcessing: 10 };
      const slow = await runs.start(request(80, { id: "slow", limits }));
      await until(() => acceptedOf("slow") === 1);
      const other = await runs.start(request(30, { id: "other", scope }));
      await until(() => acceptedOf("other") === 3);
      expect(acceptedOf("slow")).to.equal(1);
      fixture.admin.holdOperations(false);
      fixture.admin.releaseOperation();
      expect((await other.wait()).inputs.succeeded).to.equal(30);
      expect((await slow.wait()).inputs.succeeded).to.equal(80);
    });
  }

  it("keep nobody from following what they wait for, however few chunks are worked on at a time", async () => {
    const code = "UNAUTHENTICATED";
    // The first chunk is given back for a time, and the second takes its place.
    fixture.admin.setFaults([{ method: "GetOperation", times: 2, status: { code, message: "" } }]);
    const runs = await fixture.open({ maxChunks: 1 });
    const limits = { maxImagesInProcessing: 10 };
    const run = await runs.start(request(20, { limits }));
    expect((await run.wait()).inputs.succeeded).to.equal(20);
  });
});

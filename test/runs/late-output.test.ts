import { expect } from "chai";
import type { Run } from "../../src/index.ts";
import { images, request, RunsFixture } from "./runs-fixture.ts";

const inputs = 10;

async function statuses(run: Run): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { index, status } of run.results()) found[index] = status;
  return found;
}

describe("output that is written after its chunk was given up", () => {
  let fixture: RunsFixture;

  beforeEach(async () => {
    fixture = await RunsFixture.start();
  });

  afterEach(() => fixture.close());

  it("is told of as missing, as it was counted, until it is sent again", async () => {
    const method = "AsyncBatchAnnotateImages";
    fixture.admin.setFaults([{ method, nth: 1, dropConnection: true }]);
    const runs = await fixture.open();
    const run = await runs.start(request(inputs, { onUnknownSubmit: "fail", quarantineMs: 5_000 }));
    expect((await run.wait()).inputs).to.include({ missing: inputs });
    const responses = images(inputs).map((input) => ({
      labelAnnotations: [{ description: "cat" }],
      context: { uri: (input as { uri: string }).uri },
    }));
    const shard = `gs://out/results/scans/000000/1/output-1-to-${inputs}.json`;
    await fixture.test.put(shard, JSON.stringify({ responses }));
    expect(await statuses(run)).to.deep.equal(Array(inputs).fill("missing"));
    const retried = await runs.retryFailed(run.id);
    expect((await retried.run.wait()).inputs).to.include({ succeeded: inputs, missing: 0 });
    expect(await statuses(run)).to.deep.equal(Array(inputs).fill("succeeded"));
  });
});

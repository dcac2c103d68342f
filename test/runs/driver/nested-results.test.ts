import { expect } from "chai";
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
});

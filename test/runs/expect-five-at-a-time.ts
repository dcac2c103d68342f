import { expect } from "chai";
import type { Run } from "../../src/index.ts";
import { until } from "../fixtures/emulator.ts";
import type { RunsFixture } from "./runs-fixture.ts";

/** Expects a run of fifteen chunks, of which there is room for five, to go to its end five by five, whoever works on it. */
export async function expectFiveAtATime(run: Run, admin: RunsFixture["admin"]): Promise<void> {
  for (const done of [0, 5, 10]) {
    await until(async () => {
      const { chunks } = await run.snapshot();
      expect(chunks.submitting + chunks.running).to.be.at.most(5);
      return chunks.done === done && chunks.running === 5;
    });
    expect(admin.submits()).to.have.length(done + 5);
    admin.releaseOperation();
  }
  expect((await run.wait()).inputs.succeeded).to.equal(150);
}

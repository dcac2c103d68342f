import { expect } from "chai";
import { fuzzRuns } from "./model/fuzz-runs.ts";

describe("the steps of a run in a simulated world", () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`keep their invariants through crashes, lost answers and lost claims (seed ${seed})`, async function () {
      this.timeout(60_000);
      const { failure, transitions } = await fuzzRuns(seed);
      expect(failure).to.equal(undefined);
      expect(transitions).to.be.greaterThan(2000);
    });
  }
});

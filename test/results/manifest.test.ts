import { expect } from "chai";
import { ResultCountError } from "../../src/errors/index.ts";
import { checkCounts } from "../../src/results/manifest.ts";

const counts = { succeeded: 3, partial: 1, failed: 1, missing: 0, notSubmitted: 2 };

describe("checkCounts", () => {
  it("accepts counts that add up to the inputs", () => {
    checkCounts({ inputs: 7, counts });
  });

  for (const [inputs, difference] of [
    [8, -1],
    [5, 2],
  ] as const) {
    it(`refuses ${inputs} inputs for seven results, with the difference`, () => {
      try {
        checkCounts({ inputs, counts });
        expect.fail("it should have thrown");
      } catch (error) {
        expect(error).to.be.instanceOf(ResultCountError);
        expect((error as ResultCountError).difference).to.equal(difference);
      }
    });
  }
});

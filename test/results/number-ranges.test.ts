import { expect } from "chai";
import fc from "fast-check";
import { fromRanges, toRanges, withNumber, type Ranges } from "../../src/results/number-ranges.ts";

describe("withNumber", () => {
  it("makes the ranges of numbers that come one by one in any order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(40)), (numbers) => {
        const ranges = numbers.reduce<Ranges>(withNumber, []);
        expect(ranges).to.deep.equal(toRanges(numbers));
        expect(fromRanges(ranges)).to.deep.equal(numbers.toSorted((a, b) => a - b));
      }),
      { seed: 20261122 },
    );
  });
});

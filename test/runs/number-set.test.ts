import { expect } from "chai";
import fc from "fast-check";
import { NumberSet } from "../../src/runs/number-set.ts";

describe("a set of numbers", () => {
  it("has what was added, and tells the gaps between", () => {
    const numbers = fc.array(fc.nat(40), { maxLength: 60 });
    fc.assert(
      fc.property(numbers, (added) => {
        const set = new NumberSet();
        for (const number of added) set.add(number);
        const all = new Set(added);
        for (let number = 0; number <= 42; number++) {
          expect(set.has(number)).to.equal(all.has(number));
          let first = number;
          while (all.has(first)) first++;
          let last = first;
          while (last < 50 && !all.has(last + 1)) last++;
          expect(set.gapFrom(number)).to.deep.equal({ first, last: last === 50 ? Infinity : last });
        }
      }),
    );
  });
});

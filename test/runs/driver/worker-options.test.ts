import { expect } from "chai";
import { resolveWorkerOptions } from "../../../src/runs/driver/worker-options.ts";

describe("the options of a worker", () => {
  it("have their defaults", () => {
    expect(resolveWorkerOptions({ maxChunks: 7, leaseMs: undefined })).to.include({
      ...{ maxChunks: 7, leaseMs: 30_000 },
    });
  });

  for (const value of [0, -1, 1.5, Number.NaN, Infinity]) {
    it(`refuse ${value} chunks at a time, which no journal could claim`, () => {
      expect(() => resolveWorkerOptions({ maxChunks: value })).to.throw(RangeError, "maxChunks");
    });
  }
});

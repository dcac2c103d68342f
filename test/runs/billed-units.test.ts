import { expect } from "chai";
import { billedUnits } from "../../src/runs/billed-units.ts";

describe("billedUnits", () => {
  it("counts images that were sent, those of unknown fate by themselves, and of files the pages that were read", () => {
    const attempts = {
      accepted: { attempts: 3, inputs: 30, files: 10 },
      rejected: { attempts: 9, inputs: 90, files: 0 },
      unknown: { attempts: 2, inputs: 12, files: 2 },
      pending: { attempts: 1, inputs: 5, files: 1 },
    };
    expect(billedUnits({ attempts, pages: 7 })).to.deep.equal({
      ...{ images: 20, perhapsImages: 14, pages: 7 },
    });
  });
});

import { expect } from "chai";
import { costOf, googlePrices as prices } from "../../src/index.ts";

describe("costOf", () => {
  it("counts the free units of the month and the price of each tier", () => {
    expect(costOf(1000, ["LABEL_DETECTION"], { prices }).amount).to.equal(0);
    expect(costOf(2000, ["LABEL_DETECTION"], { prices }).amount).to.equal(1.5);
    const all = costOf(6_000_000, ["LABEL_DETECTION"], { prices }).amount;
    expect(all).to.be.closeTo(4_999_000 * 0.0015 + 1_000_000 * 0.001, 1e-6);
  });

  it("begins in the tier that was reached before", () => {
    const options = { prices, unitsBefore: 5_000_000 };
    expect(costOf(1000, ["TEXT_DETECTION"], options).amount).to.be.closeTo(0.6, 1e-9);
  });

  it("counts each feature once, and none that is free with another", () => {
    const options = { prices, unitsBefore: 1000 };
    expect(costOf(1000, ["TEXT_DETECTION", "TEXT_DETECTION"], options).amount).to.equal(1.5);
    expect(costOf(1000, ["SAFE_SEARCH_DETECTION"], options).amount).to.equal(1.5);
    const both = costOf(1000, ["SAFE_SEARCH_DETECTION", "LABEL_DETECTION"], options);
    expect(both.amount).to.equal(1.5);
  });

  it("names the features whose price nobody published", () => {
    const cost = costOf(10, ["PRODUCT_SEARCH", "FACE_DETECTION"], { prices });
    expect(cost.unpriced).to.deep.equal(["PRODUCT_SEARCH"]);
    const web = costOf(6_000_000, ["WEB_DETECTION"], { prices });
    expect(web.unpriced).to.deep.equal(["WEB_DETECTION"]);
    expect(web.amount).to.be.closeTo(4_999_000 * 0.0035, 1e-6);
  });

  it("goes by another table", () => {
    const table = {
      ...{ currency: "EUR", source: "a contract" },
      features: { TEXT_DETECTION: { tiers: [{ perThousand: 1 }] } },
    };
    expect(costOf(500, ["TEXT_DETECTION"], { prices: table })).to.deep.equal({
      ...{ currency: "EUR", amount: 0.5, unpriced: [] },
    });
  });
});

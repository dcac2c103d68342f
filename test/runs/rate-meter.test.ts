import { expect } from "chai";
import { RateMeter } from "../../src/runs/rate-meter.ts";

describe("RateMeter", () => {
  it("tells nothing before the count was seen to grow", () => {
    const meter = new RateMeter();
    meter.add(0, 100);
    meter.add(1000, 100);
    expect(meter.perSecond).to.equal(undefined);
  });

  it("slows down while nothing comes", () => {
    const meter = new RateMeter();
    meter.add(0, 0);
    meter.add(10_000, 500);
    expect(meter.perSecond).to.equal(50);
    meter.add(20_000, 500);
    expect(meter.perSecond).to.equal(25);
  });

  it("begins anew where inputs are sent again", () => {
    const meter = new RateMeter();
    meter.add(0, 0);
    meter.add(1000, 500);
    meter.add(2000, 400);
    expect(meter.perSecond).to.equal(undefined);
    meter.add(3000, 450);
    expect(meter.perSecond).to.equal(50);
  });
});

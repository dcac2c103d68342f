import { expect } from "chai";
import { OperationAge } from "../../src/operations/operation-age.ts";

const at = (ms: number) => ({ seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1e6 });

function age({ isNew = false, now = 0, wallNow = 0 }) {
  const time = { now, wallNow };
  const clocks = { now: () => time.now, wallNow: () => time.wallNow };
  return { age: new OperationAge(clocks, isNew), time };
}

describe("OperationAge", () => {
  it("begins now for an operation that was just started", () => {
    const { age: one, time } = age({ isNew: true, now: 500, wallNow: 1e12 });
    time.now = 4500;
    one.seeRunning({ createTime: at(1000), updateTime: at(2000) });
    expect(one.at(4500)).to.equal(4000);
  });

  it("is what createTime says for one that was found running", () => {
    const { age: one } = age({ now: 500, wallNow: 3_600_000 });
    one.seeRunning({ createTime: at(600_000), updateTime: at(700_000) });
    expect(one.at(500)).to.equal(3_000_000);
    expect(one.at(1500)).to.equal(3_001_000);
  });

  it("is not less than the service's own times say, where the clock here is wrong", () => {
    const { age: one } = age({ wallNow: -1e9 });
    one.seeRunning({ createTime: at(600_000), updateTime: at(700_000) });
    expect(one.at(0)).to.equal(100_000);
  });

  it("reads the times of product search's operations, and does without any", () => {
    const { age: one } = age({ wallNow: 90_000 });
    one.seeRunning({ submitTime: at(30_000) });
    expect(one.at(0)).to.equal(60_000);
    const { age: other } = age({ now: 7 });
    other.seeRunning(undefined);
    expect(other.at(8)).to.equal(1);
  });

  describe("durationMs", () => {
    it("is the service's word, within what was seen", () => {
      for (const [updated, expected] of [
        [30_000, 30_000],
        [5000, 20_000],
        [99_000, 40_000],
      ] as const) {
        const { age: one, time } = age({ isNew: true });
        time.now = 20_000;
        one.seeRunning({});
        time.now = 40_000;
        expect(one.durationMs({ createTime: at(0), updateTime: at(updated) })).to.equal(expected);
      }
    });

    it("is between the last sight of it running and that of its end, where the service says nothing", () => {
      const { age: one, time } = age({ isNew: true });
      time.now = 20_000;
      one.seeRunning(undefined);
      time.now = 40_000;
      expect(one.durationMs(undefined)).to.equal(30_000);
    });

    it("is known of an operation that was found done only where the service tells it", () => {
      const done = { createTime: at(1000), updateTime: at(61_000) };
      expect(age({}).age.durationMs(done)).to.equal(60_000);
      expect(age({}).age.durationMs({})).to.equal(undefined);
    });
  });
});

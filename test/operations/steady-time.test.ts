import { expect } from "chai";
import { SteadyTime } from "../../src/operations/steady-time.ts";

describe("SteadyTime", () => {
  const settable = (now: number) => ({
    time: now,
    now: () => now,
    set: (to: number) => (now = to),
  });

  it("goes forward with a clock that is set forward, and stands still with one that is set back", () => {
    const clock = settable(1000);
    const time = new SteadyTime({ now: clock.now, sleep: () => Promise.resolve() });
    clock.set(5000);
    expect(time.now()).to.equal(5000);
    clock.set(2000);
    expect(time.now()).to.equal(5000);
    clock.set(2300);
    expect(time.now()).to.equal(5300);
  });

  it("knows that what was slept has passed, whatever the clock says then", async () => {
    const clock = settable(1000);
    const time = new SteadyTime({
      now: clock.now,
      sleep: () => {
        clock.set(-3_600_000);
        return Promise.resolve();
      },
    });
    await time.sleep(400, new AbortController().signal);
    expect(time.now()).to.equal(1400);
  });
});

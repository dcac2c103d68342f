import { expect } from "chai";
import { DatabaseClock } from "../../src/workers/database-clock.ts";

describe("DatabaseClock", () => {
  const minute = 60_000;

  function machine() {
    const time = { wall: 1e12, steady: 5 };
    return {
      time,
      wallMs: () => time.wall,
      steadyMs: () => time.steady,
      pass(ms: number): void {
        time.wall += ms;
        time.steady += ms;
      },
    };
  }

  it("tells the time of the database, however that of the machine is", async () => {
    const fast = machine();
    const clock = await DatabaseClock.start(() => Promise.resolve(1e12 - 10 * minute), fast);
    expect(clock.now()).to.equal(1e12 - 10 * minute);
    fast.pass(minute);
    expect(clock.now()).to.equal(1e12 - 9 * minute);
  });

  it("takes half of the time that the answer took for its way back", async () => {
    const slow = machine();
    const clock = await DatabaseClock.start(() => {
      slow.pass(100);
      return Promise.resolve(7e11);
    }, slow);
    expect(clock.now()).to.equal(7e11 + 50);
  });

  it("sees that the machine slept, and is not set back with its clock", async () => {
    const sleepy = machine();
    const clock = await DatabaseClock.start(() => Promise.resolve(7e11), sleepy);
    sleepy.time.wall += 10 * minute;
    expect(clock.now()).to.equal(7e11 + 10 * minute);
    sleepy.time.wall -= 20 * minute;
    expect(clock.now()).to.equal(7e11);
    sleepy.pass(minute);
    expect(clock.now()).to.equal(7e11 + minute);
  });

  it("follows the database when it is asked anew", async () => {
    const steady = machine();
    let databaseMs = 7e11;
    const clock = await DatabaseClock.start(() => Promise.resolve(databaseMs), steady);
    databaseMs += minute;
    await clock.set();
    expect(clock.now()).to.equal(7e11 + minute);
  });
});

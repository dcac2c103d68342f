import { expect } from "chai";
import { DatabaseClock } from "../../src/runs/database-clock.ts";

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

  /** Lets what is under way come to its end. */
  const turns = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

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

  /** A database that tells its time when it is let. */
  function database(startMs: number) {
    const state = { ms: startMs, reads: 0, gate: Promise.resolve() };
    const readMs = async (): Promise<number> => {
      state.reads++;
      await state.gate;
      return state.ms;
    };
    return { state, readMs };
  }

  it("sees that the machine slept, and asks how long", async () => {
    const sleepy = machine();
    const { state, readMs } = database(7e11);
    const clock = await DatabaseClock.start(readMs, sleepy);
    sleepy.time.wall += 10 * minute;
    state.ms += 10 * minute;
    expect(clock.now()).to.equal(7e11 + 10 * minute);
    await turns();
    expect(state.reads).to.equal(2);
    expect(clock.now()).to.equal(7e11 + 10 * minute);
    expect(state.reads).to.equal(2);
  });

  it("is right again at once after the clock of the machine was set, to whatever time", async () => {
    for (const offMs of [10 * minute, -10 * minute]) {
      const set = machine();
      const { state, readMs } = database(7e11);
      const clock = await DatabaseClock.start(readMs, set);
      set.time.wall += offMs;
      expect(clock.now()).to.equal(7e11 + Math.max(0, offMs));
      await turns();
      expect(clock.now()).to.equal(7e11);
      set.pass(20);
      state.ms += 20;
      expect(clock.now()).to.equal(7e11 + 20);
    }
  });

  it("follows the database, which it asks anew after a while and once at a time", async () => {
    const steady = machine();
    const { state, readMs } = database(7e11);
    const clock = await DatabaseClock.start(readMs, steady);
    state.ms += minute;
    steady.pass(10_000);
    clock.now();
    expect(state.reads).to.equal(1);
    steady.pass(30_000);
    clock.now();
    clock.now();
    expect(state.reads).to.equal(2);
    await turns();
    expect(clock.now()).to.equal(7e11 + minute);
  });

  it("goes on by itself while the database answers nothing, or too late to tell", async () => {
    const lonely = machine();
    let fails = false;
    const clock = await DatabaseClock.start(() => {
      if (fails) return Promise.reject(new Error("gone"));
      lonely.pass(5000);
      return Promise.resolve(7e11);
    }, lonely);
    expect(clock.now()).to.equal(7e11 + 2500);
    lonely.pass(minute);
    clock.now();
    await turns();
    const late = clock.now();
    expect(late).to.equal(7e11 + 2500 + minute + 5000);
    fails = true;
    await turns();
    lonely.pass(minute);
    expect(clock.now()).to.be.at.least(late + minute);
  });
});

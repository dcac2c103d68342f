import { expect } from "chai";
import { Pace } from "../../src/emulator/pace.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";

const { signal } = new AbortController();

/** Whether it has been granted, once everything that was about to happen has. */
async function isGranted(taken: Promise<void>): Promise<boolean> {
  return Promise.race([
    taken.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(resolve, false)),
  ]);
}

describe("Pace", () => {
  it("makes up for the time that was spent between pieces", async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock, 10);
    const first = pace.take(20, signal);
    await clock.advance(200);
    await first;
    await clock.advance(150);
    const second = pace.take(20, signal);
    await clock.advance(49);
    expect(await isGranted(second)).to.equal(false);
    await clock.advance(1);
    await second;
  });

  it("waits for nothing where the work is slower than its time", async () => {
    const clock = new FakeClock();
    const pace = new Pace(clock, 10);
    await clock.advance(1000);
    await pace.take(20, signal);
    await pace.take(20, signal);
    expect(clock.pending).to.equal(0);
  });

  it("waits for no longer than pieces take when the clock is set back", async () => {
    let now = 1_000_000;
    const slept: number[] = [];
    const sleep = async (ms: number): Promise<void> => {
      slept.push(ms);
      await Promise.resolve();
    };
    const pace = new Pace({ now: () => now, sleep }, 10);
    now -= 500_000;
    await pace.take(3, signal);
    expect(slept).to.deep.equal([30]);
  });
});

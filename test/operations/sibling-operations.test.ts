import { expect } from "chai";
import { seededRandom } from "../../bench/poll/random.ts";
import { OperationHandle } from "../../src/operations/index.ts";
import { FakeClock } from "../fixtures/fake-clock.ts";
import { TimedOperations } from "../fixtures/timed-operations.ts";

const minuteMs = 60_000;
const origin = { kind: "asyncBatchAnnotateImages", size: 2000, outputs: [] };
const pollsPerMinute = 600;
const burst = 30;

/** The most calls that a server had in any time of this length. */
function mostWithin({ calls }: TimedOperations, ms: number): number {
  let [most, end] = [0, 0];
  for (const [start, { at }] of calls.entries()) {
    while ((calls[end]?.at ?? Infinity) < at + ms) end += 1;
    most = Math.max(most, end - start);
  }
  return most;
}

/** Operations that begin together and whose client knows nothing, and when it knew of each end. */
async function follow(durationsMs: readonly number[], seed = 1) {
  const clock = new FakeClock();
  const server = new TimedOperations({ clock, random: seededRandom(seed), pollsPerMinute });
  const lags: number[] = [];
  const waits = [];
  for (const [index, durationMs] of durationsMs.entries()) {
    const handle = await server.start(`operations/${index}`, durationMs, origin);
    waits.push(handle.wait().then(() => lags.push(clock.now() - durationMs)));
  }
  await clock.advance(2 * Math.max(...durationsMs) + minuteMs);
  await Promise.all(waits);
  expect(clock.pending).to.equal(0);
  const lagMs = lags.reduce((sum, lag) => sum + lag, 0) / lags.length;
  return { server, lagMs, worstLagMs: Math.max(...lags) };
}

describe("operations of one kind that begin together", () => {
  it("are read at all ages, so that the first end is soon seen", async () => {
    const { server } = await follow(Array<number>(50).fill(5 * minuteMs));
    const reads = server.calls.map(({ at }) => at).filter((at) => at > 1000 && at < 90_000);
    const gaps = reads.slice(1).map((at, index) => at - (reads[index] ?? 0));
    expect(Math.max(...gaps)).to.be.below(4000);
    for (let index = 1; index < 50; index += 1) {
      const early = server.readsOf(`operations/${index}`).filter((ageMs) => ageMs < 90_000);
      expect(early).to.have.length.within(2, 4);
    }
  });

  it("have the first of them read more often, for it is the most likely to have ended", async () => {
    const { server } = await follow(Array<number>(50).fill(5 * minuteMs));
    const all = server.readsOf("operations/0");
    const reads = all.filter((ageMs) => ageMs > 20_000 && ageMs < 4 * minuteMs);
    const gaps = reads.slice(1).map((at, index) => at - (reads[index] ?? 0));
    expect(Math.max(...gaps)).to.be.below(3000);
    expect(reads.length).to.be.below(server.calls.length / 3);
  });

  for (const durationMs of [25_000, 30_000, 37_000, 2 * minuteMs]) {
    it(`are all known to be done soon after ${durationMs} ms, as soon as one is seen to be`, async () => {
      const { server, lagMs, worstLagMs } = await follow(Array<number>(50).fill(durationMs));
      expect(lagMs).to.be.below(3000);
      expect(worstLagMs).to.be.below(6000);
      expect(server.calls).to.have.length.below(50 * (2 + durationMs / 30_000));
      expect(mostWithin(server, 1000)).to.be.at.most(burst + pollsPerMinute / 60);
    });
  }

  it("are known to be done as soon where they take only much the same", async () => {
    const random = seededRandom(7);
    const durationsMs = Array.from({ length: 50 }, () => 30_000 * (0.85 + 0.3 * random()));
    const { lagMs, worstLagMs, server } = await follow(durationsMs);
    expect(lagMs).to.be.below(4000);
    expect(worstLagMs).to.be.below(10_000);
    expect(server.calls.length / 50).to.be.below(6);
  });

  it("keep the budget when they are followed anew, long after others like them were done", async () => {
    const clock = new FakeClock();
    const server = new TimedOperations({ clock, pollsPerMinute, random: seededRandom(1) });
    await clock.advance(100 * minuteMs);
    const now = clock.now();
    const waits = Array.from({ length: 1000 }, (_, index) => {
      const name = `operations/${index}`;
      const takesMs = index % 2 === 0 ? 70 * minuteMs : 40 * minuteMs;
      server.place(name, now - 60 * minuteMs, now - 60 * minuteMs + takesMs);
      return new OperationHandle(name, server.runtime, { origin }).wait();
    });
    await clock.advance(30 * minuteMs);
    await Promise.all(waits);
    expect(mostWithin(server, minuteMs)).to.be.at.most(pollsPerMinute);
    expect(mostWithin(server, 1000)).to.be.at.most(burst + pollsPerMinute / 60);
  });

  it("do not all follow one that fails at once", async () => {
    const durationsMs = [1000, ...Array<number>(49).fill(20 * minuteMs)];
    const { server } = await follow(durationsMs);
    const early = server.calls.filter(({ at }) => at < minuteMs);
    expect(early.length / 50).to.be.below(6);
  });
});

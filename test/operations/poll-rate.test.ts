import { expect } from "chai";
import { PollRate } from "../../src/operations/poll-rate.ts";

const minuteMs = 60_000;

/** Polls as soon as each is allowed, until a time, and tells when. */
function pollAll(rate: PollRate, from: number, until: number): readonly number[] {
  const times: number[] = [];
  for (let now = rate.availableAt(from); now < until; now = rate.availableAt(now)) {
    rate.spend(now);
    times.push(now);
  }
  return times;
}

function mostInAMinute(times: readonly number[]): number {
  let [most, end] = [0, 0];
  for (const [start, from] of times.entries()) {
    while ((times[end] ?? Infinity) < from + minuteMs) end += 1;
    most = Math.max(most, end - start);
  }
  return most;
}

describe("PollRate", () => {
  for (const budget of [1, 7, 60, 600, 1800]) {
    it(`allows no more than ${budget} polls in any minute, and most of them`, () => {
      const times = pollAll(new PollRate(budget, 0), 0, 5 * minuteMs);
      expect(mostInAMinute(times)).to.be.at.most(budget);
      expect(times.length).to.be.at.least(2.5 * budget);
    });
  }

  it("falls to half of what was spent when the service is exhausted, and grows back evenly", () => {
    const rate = new PollRate(600, 0);
    pollAll(rate, 0, 5 * minuteMs);
    const full = rate.perMinute;
    rate.slow(5 * minuteMs, 5 * minuteMs, 0);
    expect(rate.perMinute).to.be.closeTo(full / 2, full / 50);
    const steps = [6, 7, 8].map((minute) => {
      rate.availableAt(minute * minuteMs);
      return rate.perMinute;
    });
    const [first = 0, second = 0, third = 0] = steps;
    expect(second - first).to.be.closeTo(full / 10, 1e-6);
    expect(third - second).to.be.closeTo(full / 10, 1e-6);
    rate.availableAt(20 * minuteMs);
    expect(rate.perMinute).to.equal(full);
  });

  it("falls once for polls that were under way together", () => {
    const rate = new PollRate(600, 0);
    const now = 5 * minuteMs;
    pollAll(rate, 0, now);
    for (const startedAt of [now - 300, now - 200, now - 100]) rate.slow(now, startedAt, 0);
    const once = rate.perMinute;
    expect(once).to.be.above(250);
    rate.slow(now + 500, now + 400, 0);
    expect(rate.perMinute).to.be.below(once);
  });

  it("allows nothing before what the service asked to wait, then one, and no crowd after it", () => {
    const rate = new PollRate(600, 0);
    pollAll(rate, 0, minuteMs);
    rate.slow(minuteMs, minuteMs, 33_500);
    const times = pollAll(rate, minuteMs, 2 * minuteMs);
    expect(times[0]).to.equal(minuteMs + 33_500);
    expect((times[1] ?? 0) - (times[0] ?? 0)).to.be.within(1, 300);
  });

  it("never comes to a stop", () => {
    const rate = new PollRate(600, 0);
    for (let now = 0; now < 100_000; now += 1000) rate.slow(now, now, 0);
    expect(rate.perMinute).to.be.at.least(6);
  });
});

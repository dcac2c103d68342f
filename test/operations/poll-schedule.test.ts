import { expect } from "chai";
import { LearnedDurations } from "../../src/operations/learned-durations.ts";
import { learningPlanner, type PollHistory } from "../../src/operations/poll-schedule.ts";

const fresh: PollHistory = {
  ...{ origin: undefined, ageMs: 0, polls: 0, failures: 0, others: 0, phase: 1 },
  chance: 0,
};

/** Many operations took so long. */
function learned(durationMs: number): LearnedDurations {
  const durations = new LearnedDurations();
  for (let count = 0; count < 512; count += 1) durations.learn(undefined, durationMs);
  return durations;
}

describe("learningPlanner", () => {
  it("reads at the ages that Google recommends while nothing is known", () => {
    const plan = learningPlanner(new LearnedDurations());
    const ages = [0];
    for (let read = 0; read < 6; read += 1) {
      const ageMs = ages.at(-1) ?? 0;
      ages.push(ageMs + plan({ ...fresh, ageMs }));
    }
    expect(ages.map((ms) => ms / 1000)).to.deep.equal([0, 20, 50, 95, 140, 185, 230]);
  });

  it("reads an old operation as seldom as an old one, also where it was just found", () => {
    const plan = learningPlanner(new LearnedDurations());
    expect(plan({ ...fresh, ageMs: 7_200_000 })).to.equal(45_000);
  });

  it("reads one of several earlier while nothing is known, and by what is learned as soon as it is", () => {
    const durations = new LearnedDurations();
    const plan = learningPlanner(durations);
    const history = { ...fresh, phase: 0.25 };
    expect(plan(history)).to.equal(5000);
    expect(plan({ ...history, ageMs: 30_000 })).to.equal(11_250);
    durations.learn(undefined, 55_000);
    expect(plan(history)).to.be.within(15_000, 55_000);
    expect(plan(history)).to.equal(plan({ ...history, phase: 1 }));
  });

  it("reads one that outlasts all others no more often for having begun before them", () => {
    const plan = learningPlanner(learned(60_000));
    const straggler = { ...fresh, ageMs: 4 * 86_400_000, phase: 0.02 };
    expect(plan(straggler)).to.equal(45_000);
  });

  it("keeps those apart that are read together, and lets one alone be", () => {
    const plan = learningPlanner(new LearnedDurations());
    expect(plan({ ...fresh, others: 0, chance: 1 })).to.equal(20_000);
    expect(plan({ ...fresh, others: 499, chance: 1 })).to.be.closeTo(18_000, 10);
  });

  it("reads again after a failure in half a minute, though the next read was far away", () => {
    const plan = learningPlanner(learned(3_600_000));
    const old = { ...fresh, ageMs: 700_000 };
    expect(plan(old)).to.be.above(1_000_000);
    expect(plan({ ...old, failures: 1 })).to.equal(30_000);
    expect(plan({ ...old, failures: 9 })).to.equal(45_000);
  });

  it("notices before long what ends unlike all others", () => {
    const plan = learningPlanner(learned(3_600_000));
    expect(plan(fresh)).to.equal(60_000);
    expect(plan({ ...fresh, ageMs: 60_000 })).to.equal(240_000);
  });

  it("pauses for a second at least", () => {
    expect(learningPlanner(learned(2))(fresh)).to.be.at.least(1000);
  });
});

import { expect } from "chai";
import { LearnedDurations } from "../../src/operations/learned-durations.ts";

const images = { kind: "asyncBatchAnnotateImages", size: 2000, outputs: [] };
const minuteMs = 60_000;

/** Durations like those of real siblings: from 15 to 25 minutes, most of them in the middle. */
function siblings(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 0.5) / count;
    return (20 + 5 * Math.sign(share - 0.5) * Math.abs(2 * share - 1) ** 2) * minuteMs;
  });
}

function learned(durationsMs: readonly number[], origin = images): LearnedDurations {
  const durations = new LearnedDurations();
  for (const durationMs of durationsMs) durations.learn(origin, durationMs);
  return durations;
}

/** The ages at which an operation is read that takes so long. */
function readsOf(durations: LearnedDurations, durationMs: number): readonly number[] {
  const reads: number[] = [];
  for (let age: number | undefined = 0; age !== undefined && age < durationMs;) {
    age = durations.nextReadAgeMs(images, age);
    if (age !== undefined) reads.push(age);
  }
  return reads;
}

describe("LearnedDurations", () => {
  it("knows nothing of operations whose like it has not seen", () => {
    const durations = learned([1000]);
    const isUnknown = (origin: typeof images | undefined) =>
      durations.nextReadAgeMs(origin, 0) === undefined;
    expect(isUnknown(images)).to.equal(false);
    expect(isUnknown({ ...images, kind: "asyncBatchAnnotateFiles" })).to.equal(true);
    expect(isUnknown({ ...images, size: 20 })).to.equal(true);
    expect(isUnknown({ ...images, size: 1500 })).to.equal(false);
    expect(isUnknown(undefined)).to.equal(true);
  });

  it("reads first when the earliest end, and most often when most do", () => {
    const reads = readsOf(learned(siblings(200)), 26 * minuteMs);
    expect(reads[0]).to.be.within(10 * minuteMs, 16 * minuteMs);
    expect(reads.length).to.be.within(8, 40);
    const pauseAt = (ageMs: number): number => {
      const index = reads.findIndex((read) => read >= ageMs);
      return (reads[index] ?? 0) - (reads[index - 1] ?? 0);
    };
    expect(pauseAt(20.5 * minuteMs)).to.be.below(pauseAt(16 * minuteMs));
  });

  it("goes on reading one that outlasts all others, ever more seldom", () => {
    const reads = readsOf(learned(siblings(200)), 24 * 60 * minuteMs);
    const late = reads.filter((read) => read > 60 * minuteMs);
    const pauses = late.slice(1).map((read, index) => read - (late[index] ?? 0));
    expect(pauses[0]).to.be.within(30_000, 10 * minuteMs);
    expect(Math.max(...pauses)).to.be.below(20 * minuteMs);
    expect((pauses.at(-1) ?? 0) / (pauses[0] ?? 1)).to.be.above(1);
  });

  it("says whether a duration changes what is known: the first ones do, and then a share of all", () => {
    const durations = new LearnedDurations();
    const learnOne = () => {
      const changes = durations.learn(images, minuteMs);
      durations.nextReadAgeMs(images, 0);
      return changes;
    };
    const changes = Array.from({ length: 200 }, learnOne);
    expect(changes.slice(0, 10)).to.not.include(false);
    expect(changes.slice(100).filter(Boolean)).to.have.length.within(5, 20);
  });

  it("tells nothing of one that is older than any can be", () => {
    expect(learned(siblings(10)).nextReadAgeMs(images, 1e12)).to.equal(undefined);
  });

  it("takes durations that are all the same, and ends at once", () => {
    const reads = readsOf(learned(Array<number>(100).fill(10 * minuteMs)), 10 * minuteMs);
    expect(reads.length).to.be.within(1, 12);
    expect((reads.at(-1) ?? 0) - 10 * minuteMs).to.be.within(0, 10_000);
    expect(learned([0, 0, 0]).nextReadAgeMs(images, 0)).to.be.above(0);
  });

  it("follows durations that change, and holds a bounded number of them", () => {
    const durations = learned([...siblings(2000), ...Array<number>(600).fill(2 * minuteMs)]);
    expect(durations.nextReadAgeMs(images, 0)).to.be.below(2 * minuteMs);
    const reads = readsOf(durations, 10 * minuteMs);
    expect(reads.filter((read) => read < 3 * minuteMs)).to.have.length.above(3);
  });

  it("forgets the kind that was used least lately when there are very many", () => {
    const durations = learned([minuteMs]);
    for (let kind = 0; kind < 64; kind += 1) {
      durations.learn({ ...images, kind: `kind ${kind}` }, minuteMs);
    }
    expect(durations.nextReadAgeMs(images, 0)).to.equal(undefined);
    expect(durations.nextReadAgeMs({ ...images, kind: "kind 0" }, 0)).to.be.above(0);
  });
});

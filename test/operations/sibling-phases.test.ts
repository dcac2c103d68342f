import { expect } from "chai";
import { SiblingPhases } from "../../src/operations/sibling-phases.ts";

const origin = { kind: "asyncBatchAnnotateImages", size: 2000, outputs: [] };

describe("SiblingPhases", () => {
  it("leaves one alone its whole pause, also after others that have gone", () => {
    const phases = new SiblingPhases();
    for (let operation = 0; operation < 3; operation += 1) {
      const follower = {};
      expect(phases.enter(origin, follower).phase).to.equal(1);
      expect(phases.shareOf(origin, follower)).to.equal(1);
      phases.leave(origin, follower);
    }
    expect(phases.enter(origin, {}).phase).to.equal(1);
    expect(phases.enter({ ...origin, size: 10 }, {}).phase).to.equal(1);
    expect(phases.enter(undefined, {}).phase).to.equal(1);
    expect(phases.enter(origin, {}).phase).to.be.below(1);
  });

  it("reads the first of several more often, the more there are, and the next one when it is gone", () => {
    const phases = new SiblingPhases();
    const all = Array.from({ length: 50 }, () => ({}));
    for (const follower of all) phases.enter(origin, follower);
    const shares = (): number[] => all.map((follower) => phases.shareOf(origin, follower));
    expect(shares()).to.deep.equal([1 / 25, ...Array<number>(49).fill(1)]);
    phases.leave(origin, all[0]!);
    expect(shares().slice(1)).to.deep.equal([1 / 24.5, ...Array<number>(48).fill(1)]);
  });

  it("says that siblings have grown when they are twice as many, and not for one that comes and goes", () => {
    const phases = new SiblingPhases();
    const grown = Array.from({ length: 64 }, () => phases.enter(origin, {}).hasGrown);
    expect(grown.flatMap((has, index) => (has ? [index + 1] : []))).to.deep.equal([
      4, 8, 16, 32, 64,
    ]);
    const last = {};
    for (let times = 0; times < 3; times += 1) {
      expect(phases.enter(origin, last).hasGrown).to.equal(false);
      phases.leave(origin, last);
    }
  });

  it("leaves no large gap between any number of siblings", () => {
    for (const count of [2, 5, 50, 500]) {
      const phases = new SiblingPhases();
      const all = Array.from({ length: count }, () => phases.enter(origin, {}).phase);
      const sorted = [0, ...all.sort((a, b) => a - b)];
      const gaps = sorted.slice(1).map((phase, index) => phase - (sorted[index] ?? 0));
      expect(Math.min(...all)).to.be.above(0);
      expect(Math.max(...gaps)).to.be.below(2 / count);
    }
  });

  it("goes on with the circle while one after the other takes a place", () => {
    const phases = new SiblingPhases();
    phases.enter(origin, {});
    const all = Array.from({ length: 20 }, () => {
      const follower = {};
      const { phase } = phases.enter(origin, follower);
      phases.leave(origin, follower);
      return phase;
    });
    expect(new Set(all)).to.have.property("size", 20);
    expect(Math.max(...all) - Math.min(...all)).to.be.above(0.85);
  });
});

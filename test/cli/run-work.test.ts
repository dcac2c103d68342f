import { expect } from "chai";
import { isStuck } from "../../src/cli/run-work.ts";
import type { RunSnapshot } from "../../src/index.ts";

type Chunks = Partial<RunSnapshot["chunks"]>;

function snapshot(state: RunSnapshot["state"], chunks: Chunks, undecided = 0): RunSnapshot {
  const none = { planned: 0, submitting: 0, unknown: 0, running: 0, collecting: 0 };
  return {
    ...({ state, undecided } as RunSnapshot),
    chunks: { ...none, done: 0, failed: 0, cancelled: 0, total: 0, ...chunks },
  };
}

describe("isStuck", () => {
  it("tells a run that waits for nothing but a person's decision", () => {
    expect(isStuck(snapshot("running", { unknown: 1, done: 3 }, 1))).to.equal(true);
    expect(isStuck(snapshot("running", { unknown: 2 }, 1))).to.equal(false);
    expect(isStuck(snapshot("running", { unknown: 1, running: 1 }, 1))).to.equal(false);
    expect(isStuck(snapshot("running", { unknown: 1, planned: 1 }, 1))).to.equal(false);
  });

  it("tells a paused run of which everything that was submitted is collected", () => {
    expect(isStuck(snapshot("paused", { planned: 2, done: 1 }))).to.equal(true);
    expect(isStuck(snapshot("paused", { planned: 2, collecting: 1 }))).to.equal(false);
  });

  it("waits for the others", () => {
    expect(isStuck(snapshot("running", { planned: 1 }))).to.equal(false);
    expect(isStuck(snapshot("cancelling", { unknown: 1 }, 1))).to.equal(false);
    expect(isStuck(snapshot("done", { done: 1 }))).to.equal(false);
  });
});

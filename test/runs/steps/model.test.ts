import { expect } from "chai";
import type { StepEventType } from "../../../src/runs/steps/index.ts";
import { fuzzRuns } from "./model/fuzz-runs.ts";

/** What may happen to a chunk; a type that is left out here does not compile. */
const everything: Readonly<Record<StepEventType, true>> = {
  submitting: true,
  resubmitting: true,
  accepted: true,
  rejected: true,
  unreachable: true,
  reachable: true,
  submitUnknown: true,
  submitInterrupted: true,
  operationLost: true,
  operationEnded: true,
  readFailed: true,
  cancelAsked: true,
  cancelRefused: true,
  adopted: true,
  shardsAppeared: true,
  graceOver: true,
  undecided: true,
  givenUp: true,
  ended: true,
};

describe("the steps of a run in a simulated world", function () {
  this.timeout(120_000);

  it("keep their invariants through crashes, lost answers and lost claims, whatever happens", async () => {
    const seen = new Set<string>();
    let transitions = 0;
    // Enough to meet every event; `npm run fuzz -- runs` makes a million.
    for (let seed = 1; transitions < 8_000; seed++) {
      const done = await fuzzRuns(seed, { endOnFailure: true });
      expect(done.failure).to.equal(undefined);
      transitions += done.transitions;
      for (const type of done.eventTypes) seen.add(type);
    }
    expect([...seen]).to.have.members([...Object.keys(everything), "refusalFound"]);
  });
});

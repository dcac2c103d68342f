import { expect } from "chai";
import { InvalidRequestError, type Code } from "../../../src/errors/index.ts";
import { counts, epochMs, operation } from "../journal/planned-run.ts";
import { decided, due, eventTypes, nowMs, situation, submitFailed } from "./situations.ts";

const accepted = { type: "accepted", operation: operation("operations/a") } as const;

describe("a step of a chunk that is being submitted", () => {
  it("writes the name of the operation, and reads it after the pause of the schedule", () => {
    const memo = { rejections: 2, perhapsSent: true };
    const decision = decided(situation("submitting", { memo }), accepted);
    const { step } = decision;
    expect(decision.effect).to.deep.equal({ type: "wait", untilMs: nowMs + 20_000 });
    expect(step.progress).to.deep.equal({
      ...{ state: "running", dueMs: nowMs + 20_000, polls: 2, memo: { perhapsSent: true } },
    });
    expect(step.attempt).to.deep.equal({ outcome: "accepted", operation: accepted.operation });
    expect(eventTypes(decision)).to.deep.equal(["accepted"]);
    expect(step.flow?.rateFactor).to.be.greaterThan(1);
  });

  it("asks an operation to cancel that was accepted after the run was cancelled", () => {
    const about = situation("submitting", { runState: "cancelling" });
    const { step, effect } = decided(about, accepted);
    expect(step.progress.state).to.equal("running");
    expect(effect).to.deep.equal({ type: "cancelOperation", operation: accepted.operation });
  });

  it("follows an operation that was accepted after the run was paused", () => {
    const { effect } = decided(situation("submitting", { runState: "paused" }), accepted);
    expect(effect.type).to.equal("wait");
  });

  it("takes an answer that was lost for an unknown fate, to be looked for from its intent on", () => {
    const decision = decided(situation("submitting"), submitFailed("unknown", "UNAVAILABLE"));
    const { step } = decision;
    expect(step.progress.state).to.equal("unknown");
    expect(step.progress.dueMs).to.be.within(nowMs + 1, nowMs + 60_000);
    expect(step.progress.memo).to.deep.equal({
      ...{ perhapsSent: true, quarantineUntilMs: epochMs + 24 * 3_600_000 },
    });
    expect(step.attempt?.outcome).to.equal("unknown");
    expect(step.attempt?.error).to.include({ code: "UNAVAILABLE" });
    expect(step.release).to.equal(true);
    expect(eventTypes(decision)).to.deep.equal(["submitUnknown"]);
  });

  it("takes an intent without an outcome for an unknown fate, and looks at once", () => {
    const about = situation("submitting");
    const decision = decided(about, due);
    expect(decision.step.progress).to.include({ state: "unknown", dueMs: nowMs });
    expect(decision.step.attempt).to.deep.equal({ outcome: "unknown" });
    expect(decision.effect).to.deep.equal({ type: "findOperation", attempt: about.attempt });
    expect(eventTypes(decision)).to.deep.equal(["submitInterrupted"]);
  });

  it("sends again what a worker recorded as refused that had lost the claim, as if it had told in time", () => {
    const error = { name: "VisionBatchError", message: "nothing was sent" };
    const memo = { rejections: 2, perhapsSent: true };
    const about = situation("submitting", { attempt: { outcome: "rejected", error }, memo });
    const decision = decided(about, due);
    expect(decision.step.progress).to.deep.equal({
      ...{ state: "planned", dueMs: nowMs, polls: 2, memo, error },
    });
    expect(decision.effect).to.deep.equal({ type: "wait", untilMs: nowMs });
    expect(eventTypes(decision)).to.deep.equal(["rejected"]);
  });

  it("reads an operation whose name was recorded by a worker that had lost the claim", () => {
    const attempt = { operation: operation("operations/late") };
    const { effect } = decided(situation("submitting", { attempt }), due);
    expect(effect).to.deep.equal({ type: "readOperation", operation: attempt.operation });
  });
});

describe("a step of a chunk whose submit was rejected", () => {
  it("slows all submits down after RESOURCE_EXHAUSTED, and waits as long as the server asks", () => {
    const evidence = submitFailed("rejected", "RESOURCE_EXHAUSTED", "90s");
    const decision = decided(situation("submitting"), evidence);
    const { step } = decision;
    expect(step.progress).to.deep.include({ state: "planned", dueMs: nowMs + 90_000 });
    expect(step.flow).to.deep.equal({ rateFactor: 0.5, notBeforeMs: nowMs + 90_000 });
    expect(step.attempt?.outcome).to.equal("rejected");
    expect(step.release).to.equal(true);
    expect(decision.effect).to.deep.equal({ type: "leave" });
    expect(step.events).to.deep.equal([
      { type: "rejected", data: { code: "RESOURCE_EXHAUSTED", retryInMs: 90_000 } },
    ]);
  });

  it("sends again after RESOURCE_EXHAUSTED however often, with growing pauses", () => {
    const pauses = [0, 1, 2, 500].map((rejections) => {
      const about = situation("submitting", { memo: { rejections } });
      const { step } = decided(about, submitFailed("rejected", "RESOURCE_EXHAUSTED"));
      expect(step.progress.state).to.equal("planned");
      expect(step.flow).to.deep.equal({ rateFactor: 0.5 });
      return (step.progress.dueMs ?? 0) - nowMs;
    });
    expect(pauses).to.deep.equal([2000, 4000, 8000, 300_000]);
  });

  it("fails a chunk that was refused too often otherwise", () => {
    const policy = { maxRejections: 3 };
    const evidence = submitFailed("rejected", "UNAVAILABLE");
    const second = situation("submitting", {
      policy,
      memo: { rejections: 9, countedRejections: 1 },
    });
    const { step } = decided(second, evidence);
    expect(step.progress).to.deep.include({
      ...{ state: "planned", memo: { rejections: 10, countedRejections: 2 } },
    });
    const third = situation("submitting", {
      policy,
      memo: { rejections: 9, countedRejections: 2 },
    });
    const end = decided(third, evidence);
    expect(end.step.progress.state).to.equal("failed");
    expect(end.step.progress.error).to.include({ code: "UNAVAILABLE" });
    expect(end.step.outcome).to.deep.equal({ counts: counts({ notSubmitted: 10 }) });
    expect(eventTypes(end)).to.deep.equal(["rejected", "ended"]);
  });

  it("keeps what never left, however often, and counts it towards nothing", () => {
    const memo = { rejections: 3, countedRejections: 9, unreachableMs: epochMs, perhapsSent: true };
    const about = situation("submitting", { policy: { maxRejections: 1 }, memo });
    const decision = decided(about, submitFailed("unsent", "UNAVAILABLE"));
    const { step } = decision;
    expect(step.progress).to.deep.include({ state: "planned", dueMs: nowMs + 2000, memo });
    expect(step.attempt?.outcome).to.equal("rejected");
    expect(step).not.to.have.property("release");
    expect(decision.effect).to.deep.equal({ type: "wait", untilMs: nowMs + 2000 });
    const claimOver = {
      type: "submitFailed",
      outcome: "unsent",
      error: new Error("over"),
    } as const;
    expect(decided(about, claimOver).step.progress).to.deep.include({ state: "planned", memo });
  });

  it("waits ten minutes at most, whatever the server asks for", () => {
    const evidence = submitFailed("rejected", "RESOURCE_EXHAUSTED", "864000s");
    const { step } = decided(situation("submitting"), evidence);
    const notBeforeMs = nowMs + 600_000;
    expect(step.progress).to.deep.include({
      dueMs: notBeforeMs,
      memo: { rejections: 1, notBeforeMs },
    });
    expect(step.flow).to.deep.equal({ rateFactor: 0.5, notBeforeMs });
  });

  for (const code of ["INVALID_ARGUMENT", "OUT_OF_RANGE"] as const) {
    it(`fails a chunk after ${code}`, () => {
      const { step } = decided(situation("submitting"), submitFailed("rejected", code));
      expect(step.progress.state).to.equal("failed");
      expect(step.attempt?.outcome).to.equal("rejected");
    });
  }

  it("fails a chunk whose request is refused before it is sent", () => {
    const error = new InvalidRequestError("the request", []);
    const evidence = { type: "submitFailed", outcome: "rejected", error } as const;
    const { step } = decided(situation("submitting"), evidence);
    expect(step.progress.state).to.equal("failed");
  });

  const wide: readonly Code[] = [
    ...(["PERMISSION_DENIED", "UNAUTHENTICATED", "NOT_FOUND"] as const),
    ...(["FAILED_PRECONDITION", "UNIMPLEMENTED"] as const),
  ];
  for (const code of wide) {
    it(`keeps a chunk after ${code}, and tells of a problem that every chunk would meet`, () => {
      const memo = { rejections: 99, countedRejections: 9 };
      const evidence = submitFailed("rejected", code);
      const { step, problem } = decided(situation("submitting", { memo }), evidence);
      expect(step.progress.state).to.equal("planned");
      expect(problem).to.have.property("code", code);
      expect(step.flow).to.equal(undefined);
    });
  }

  it("ends it as cancelled in a run that is cancelled, whatever the error", () => {
    for (const code of ["RESOURCE_EXHAUSTED", "INVALID_ARGUMENT"] as const) {
      const about = situation("submitting", { runState: "cancelling" });
      const { step } = decided(about, submitFailed("rejected", code));
      expect(step.progress.state).to.equal("cancelled");
      expect(step.outcome).to.deep.equal({ counts: counts({ notSubmitted: 10 }) });
    }
  });

  it("counts inputs as missing, not as never submitted, where an attempt before may have been accepted", () => {
    const about = situation("submitting", { memo: { perhapsSent: true } });
    const { step } = decided(about, submitFailed("rejected", "INVALID_ARGUMENT"));
    expect(step.outcome).to.deep.equal({ counts: counts({ missing: 10 }) });
  });
});

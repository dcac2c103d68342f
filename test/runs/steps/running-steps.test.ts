import { expect } from "chai";
import { OperationCancelledError, OperationFailedError } from "../../../src/errors/index.ts";
import { decideStep } from "../../../src/runs/steps/index.ts";
import { operation } from "../journal/planned-run.ts";
import { decided, due, eventTypes, nowMs, rpcError, situation } from "./situations.ts";

const known = operation("operations/a");
const goesOn = { type: "operationRead", finding: { state: "running" } } as const;

describe("a step of a running chunk", () => {
  it("reads the operation, in a paused run too", () => {
    for (const runState of ["running", "paused", "failed"] as const) {
      expect(decideStep(situation("running", { runState }), due)).to.deep.equal({
        effect: { type: "readOperation", operation: known },
      });
    }
  });

  it("waits for one that goes on, and forgets reads that failed", () => {
    const chunk = { error: { message: "no answer" } };
    const about = situation("running", { memo: { pollFailures: 3 }, chunk });
    const decision = decided(about, goesOn);
    expect(decision.step.progress).to.deep.equal({
      ...{ state: "running", dueMs: nowMs + 20_000, polls: 3, memo: {} },
    });
    expect(decision.effect).to.deep.equal({ type: "wait", untilMs: nowMs + 20_000 });
    expect(decision).to.have.property("isMinor", true);
    expect(decision.step.events).to.deep.equal([]);
  });

  it("collects the output of one that has succeeded", () => {
    const about = situation("running", { chunk: { error: { message: "no answer" } } });
    const evidence = { type: "operationRead", finding: { state: "succeeded" } } as const;
    const decision = decided(about, evidence);
    expect(decision.effect).to.deep.equal({ type: "readOutput", attempt: about.attempt });
    expect(decision.step.progress).to.deep.equal({
      ...{ state: "collecting", dueMs: nowMs, polls: 3 },
      memo: { lastOutputMs: nowMs, graceUntilMs: nowMs + 60_000 },
    });
    expect(eventTypes(decision)).to.deep.equal(["operationEnded"]);
  });

  for (const state of ["failed", "cancelled"] as const) {
    it(`collects what one has written that was ${state}`, () => {
      const status = { code: "INTERNAL", message: "", details: [] } as const;
      const error =
        state === "failed"
          ? new OperationFailedError("operations/a", status)
          : new OperationCancelledError("operations/a", { ...status, code: "CANCELLED" });
      const evidence = { type: "operationRead", finding: { state, error } } as const;
      const { step, effect } = decided(situation("running"), evidence);
      expect(effect.type).to.equal("readOutput");
      expect(step.progress.state).to.equal("collecting");
      expect(step.progress.memo).to.include({ operationEnd: state });
      expect(step.progress.error).to.include({ name: error.name, code: error.code });
      expect(step.events[0]?.data).to.deep.equal({ as: state, code: error.code });
    });
  }

  it("looks for the output of one that the service does not know any more", () => {
    const about = situation("running");
    const decision = decided(about, { type: "operationUnread", error: rpcError("NOT_FOUND") });
    expect(decision.effect).to.deep.equal({ type: "listOutput", attempt: about.attempt });
    expect(decision.step.progress).to.deep.include({
      state: "unknown",
      memo: { perhapsSent: true, quarantineUntilMs: nowMs + 24 * 3_600_000 },
    });
    expect(eventTypes(decision)).to.deep.equal(["operationLost"]);
  });

  it("stays when the permission to read is lost, tells it as a problem and goes on trying", () => {
    const memo = { pollFailures: 99 };
    const error = rpcError("PERMISSION_DENIED");
    const decision = decided(situation("running", { memo }), { type: "operationUnread", error });
    expect(decision.problem).to.equal(error);
    expect(decision.step.progress).to.include({ state: "running", dueMs: nowMs + 300_000 });
    expect(decision.step.progress.error).to.include({ code: "PERMISSION_DENIED" });
    expect(decision.isMinor).to.equal(true);
  });

  it("repeats a read that had no answer, and tells of the first in a row", () => {
    const error = rpcError("UNAVAILABLE", "30s");
    const decision = decided(situation("running"), { type: "operationUnread", error });
    expect(decision).not.to.have.property("problem");
    expect(decision.step.progress).to.deep.include({
      ...{ state: "running", dueMs: nowMs + 30_000, memo: { pollFailures: 1 }, polls: 3 },
    });
    expect(eventTypes(decision)).to.deep.equal(["readFailed"]);
    const again = situation("running", { memo: { pollFailures: 1 } });
    expect(eventTypes(decided(again, { type: "operationUnread", error }))).to.deep.equal([]);
  });
});

describe("a step of a running chunk in a run that is cancelled", () => {
  const cancelling = { runState: "cancelling" } as const;

  it("asks the operation to cancel, once", () => {
    expect(decideStep(situation("running", cancelling), due)).to.deep.equal({
      effect: { type: "cancelOperation", operation: known },
    });
    const asked = decided(situation("running", cancelling), { type: "cancelAsked" });
    expect(asked.step.progress.memo).to.deep.equal({ cancelAskedMs: nowMs });
    expect(asked.effect).to.deep.equal({ type: "wait", untilMs: nowMs + 20_000 });
    const { memo } = asked.step.progress;
    expect(decideStep(situation("running", { ...cancelling, memo }), due).effect).to.deep.equal({
      ...{ type: "readOperation", operation: known },
    });
  });

  for (const code of ["UNIMPLEMENTED", "FAILED_PRECONDITION", "PERMISSION_DENIED"] as const) {
    it(`follows it to its end when the request is refused with ${code}`, () => {
      const evidence = { type: "cancelFailed", error: rpcError(code) } as const;
      const decision = decided(situation("running", cancelling), evidence);
      expect(decision.effect).to.deep.equal({ type: "readOperation", operation: known });
      expect(decision.step.progress.memo).to.deep.equal({ cancelAskedMs: nowMs });
      expect(decision.step.events).to.deep.equal([{ type: "cancelRefused", data: { code } }]);
    });
  }

  for (const code of ["UNAVAILABLE", "NOT_FOUND"] as const) {
    it(`reads it when the request ends with ${code}, and does not count it as asked`, () => {
      const evidence = { type: "cancelFailed", error: rpcError(code) } as const;
      expect(decideStep(situation("running", cancelling), evidence)).to.deep.equal({
        effect: { type: "readOperation", operation: known },
      });
    });
  }

  it("waits after a read, so that a request that always fails is not made in a loop", () => {
    expect(decided(situation("running", cancelling), goesOn).effect.type).to.equal("wait");
  });
});

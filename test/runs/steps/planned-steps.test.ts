import { expect } from "chai";
import { counts, epochMs } from "../journal/planned-run.ts";
import { decideStep } from "../../../src/runs/steps/index.ts";
import { decided, due, eventTypes, nowMs, rpcError, situation } from "./situations.ts";

describe("a step of a planned chunk", () => {
  it("submits it, and writes nothing before", () => {
    expect(decideStep(situation("planned"), due)).to.deep.equal({
      effect: { type: "submit", event: { type: "submitting", data: { attempt: 1 } } },
    });
  });

  it("tells after how many rejections it is sent again", () => {
    const { effect } = decideStep(
      situation("planned", { memo: { rejections: 2 }, chunk: { attempt: 2 } }),
      due,
    );
    expect(effect).to.deep.include({
      event: { type: "submitting", data: { attempt: 3, rejections: 2 } },
    });
  });

  for (const runState of ["paused", "failed", "done", "cancelled"] as const) {
    it(`leaves it alone in a run that is ${runState}`, () => {
      expect(decideStep(situation("planned", { runState }), due)).to.deep.equal({
        effect: { type: "leave" },
      });
    });
  }

  it("ends it as cancelled and not submitted in a run that is cancelled", () => {
    const { step, effect } = decided(situation("planned", { runState: "cancelling" }), due);
    expect(effect).to.deep.equal({ type: "leave" });
    expect(step.progress.state).to.equal("cancelled");
    expect(step.outcome).to.deep.equal({ counts: counts({ notSubmitted: 10 }) });
  });

  it("counts its inputs as missing where an earlier attempt may have been accepted", () => {
    const memo = { perhapsSent: true };
    const { step } = decided(situation("planned", { runState: "cancelling", memo }), due);
    expect(step.outcome).to.deep.equal({ counts: counts({ missing: 10 }) });
  });

  it("asks again when the limits have room, without a write", () => {
    const gate = { gate: "wait", waitMs: 300, limit: "requests" } as const;
    expect(decideStep(situation("planned"), { type: "heldBack", gate })).to.deep.equal({
      effect: { type: "wait", untilMs: nowMs + 300 },
    });
  });

  it("notes once that nothing reaches the service, and takes it away when something does", () => {
    const error = rpcError("UNAVAILABLE");
    const unreachable = { type: "unreachable", error } as const;
    const memo = { rejections: 1 };
    const first = decided(situation("planned", { memo }), unreachable);
    expect(first.effect.type).to.equal("submit");
    const noted = { ...memo, unreachableMs: nowMs };
    expect(first.step.progress).to.deep.include({ state: "planned", dueMs: nowMs, memo: noted });
    expect(first.step.progress.error).to.include({ code: "UNAVAILABLE" });
    expect(first.step.events).to.deep.equal([
      { type: "unreachable", data: { code: "UNAVAILABLE" } },
    ]);
    const again = decideStep(situation("planned", { memo: noted }), unreachable);
    expect(again).to.have.all.keys("effect");
    expect(again.effect.type).to.equal("submit");
    const later = situation("planned", { memo: { ...noted, unreachableMs: nowMs - 5000 } });
    const news = decided(later, { ...unreachable, isNews: true });
    expect(news.step.progress.memo).to.deep.equal({ ...memo, unreachableMs: nowMs - 5000 });
    expect(news.step.progress.error).to.include({ code: "UNAVAILABLE" });
    expect(eventTypes(news)).to.deep.equal([]);
    const over = decided(situation("planned", { memo: noted }), { type: "reachable" });
    expect(over.step.progress).to.deep.include({ memo });
    expect(over.step.progress).not.to.have.property("error");
    expect(eventTypes(over)).to.deep.equal(["reachable"]);
  });

  for (const runState of ["paused", "failed"] as const) {
    it(`waits for no service in a run that is ${runState}`, () => {
      const evidence = { type: "unreachable", error: rpcError("UNAVAILABLE") } as const;
      expect(decideStep(situation("planned", { runState }), evidence)).to.deep.equal({
        effect: { type: "leave" },
      });
    });
  }

  it("leaves it where the run was paused meanwhile", () => {
    const gate = { gate: "stopped", runState: "paused" } as const;
    expect(decideStep(situation("planned"), { type: "heldBack", gate })).to.deep.equal({
      effect: { type: "leave" },
    });
  });

  it("refuses evidence that cannot be of it, a chunk that has ended and one that is not claimed", () => {
    expect(() => decideStep(situation("planned"), { type: "cancelAsked" })).to.throw("cancelAsked");
    expect(() => decideStep(situation("done"), due)).to.throw("chunk 7 is done");
    const { worker: _, ...chunk } = situation("running").chunk;
    const unclaimed = { ...situation("running"), chunk };
    const read = { type: "operationRead", finding: { state: "running" } } as const;
    expect(() => decideStep(unclaimed, read)).to.throw("not claimed");
  });

  it("writes under the claim and at the time that it is given", () => {
    const { step } = decided(situation("planned", { runState: "cancelling", nowMs: epochMs }), due);
    expect(step.claim).to.deep.equal({ run: 1, number: 7, worker: "worker", fence: 3 });
    expect(step.nowMs).to.equal(epochMs);
  });
});

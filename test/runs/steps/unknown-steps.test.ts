import { expect } from "chai";
import { OperationFailedError } from "../../../src/errors/index.ts";
import { decideStep, type Evidence } from "../../../src/runs/steps/index.ts";
import { counts, epochMs, operation } from "../journal/planned-run.ts";
import {
  decided,
  due,
  eventTypes,
  nowMs,
  rpcError,
  situation,
  storageError,
  type SituationChanges,
} from "./situations.ts";

const name = operation("operations/late");
const nothing: Evidence = { type: "outputListed", shards: 0 };
const overMs = epochMs + 25 * 3_600_000;
const quarantine = { perhapsSent: true, quarantineUntilMs: epochMs + 24 * 3_600_000 };
/** An attempt of which nothing was found for a day. */
const over: SituationChanges = { memo: quarantine, nowMs: overMs };
/** An attempt whose output was found and stayed incomplete. */
const incomplete: SituationChanges = {
  memo: { ...quarantine, adopted: true, shards: 2, graceUntilMs: nowMs - 1 },
};

describe("the look for an unknown attempt", () => {
  it("begins with a recorded name", () => {
    const about = situation("unknown", { attempt: { operation: name } });
    expect(decideStep(about, due)).to.deep.equal({
      effect: { type: "readOperation", operation: name },
    });
  });

  it("begins with the list of operations where no name is recorded", () => {
    const about = situation("unknown");
    expect(decideStep(about, due)).to.deep.equal({
      effect: { type: "findOperation", attempt: about.attempt },
    });
  });

  it("ends where the submit is recorded as refused: it was not sent, unless an earlier one was", () => {
    const refused = { attempt: { outcome: "rejected" } } as const;
    const first = decided(situation("unknown", { ...refused, memo: quarantine }), due);
    expect(first.step.progress).to.deep.include({ state: "planned", dueMs: nowMs, memo: {} });
    const memo = { ...quarantine, sentBefore: true };
    const second = decided(situation("unknown", { ...refused, memo }), due);
    expect(second.step.progress.memo).to.deep.equal({ perhapsSent: true });
    const [lost, again] = [{}, { perhapsSent: true }].map(
      (before) => decided(situation("submitting", { memo: before }), due).step.progress.memo,
    );
    expect(lost).not.to.have.property("sentBefore");
    expect(again).to.have.property("sentBefore", true);
    const given = situation("unknown", { ...refused, chunk: { decision: "fail" } });
    expect(decideStep(given, due).effect.type).to.equal("findOperation");
  });

  const toOutput: Readonly<Record<string, Evidence>> = {
    "an operation that is gone": { type: "operationUnread", error: rpcError("NOT_FOUND") },
    "a list without it": { type: "operationsListed" },
    "a list that is not supported": {
      ...{ type: "operationsUnlisted", error: rpcError("UNIMPLEMENTED") },
    },
    "a list that is not allowed": {
      ...{ type: "operationsUnlisted", error: rpcError("PERMISSION_DENIED") },
    },
  };
  for (const [what, evidence] of Object.entries(toOutput)) {
    it(`goes on to the output after ${what}`, () => {
      const about = situation("unknown", { attempt: { operation: name } });
      expect(decideStep(about, evidence)).to.deep.equal({
        effect: { type: "listOutput", attempt: about.attempt },
      });
    });
  }

  const halves: Readonly<Record<string, Evidence>> = {
    "an operation that was not read": { type: "operationUnread", error: rpcError("UNAVAILABLE") },
    "an operation that may not be read": {
      ...{ type: "operationUnread", error: rpcError("PERMISSION_DENIED") },
    },
    "a list that was not read": { type: "operationsUnlisted", error: rpcError("UNAVAILABLE") },
    "output that may not be read": {
      ...{ type: "outputUnread", error: storageError("permissionDenied") },
    },
  };
  for (const [what, evidence] of Object.entries(halves)) {
    it(`decides nothing by half a look: ${what}`, () => {
      const policy = { onUnknownSubmit: "resubmit" } as const;
      const decision = decided(situation("unknown", { ...over, policy }), evidence);
      expect(decision.step.progress).to.include({ state: "unknown", dueMs: overMs + 5000 });
      expect(decision.step.release).to.equal(true);
      expect(decision.effect).to.deep.equal({ type: "leave" });
      expect(decision.isMinor).to.equal(false);
    });
  }

  it("adopts an operation that goes on, by its name", () => {
    const about = situation("unknown", { memo: quarantine, attempt: { operation: name } });
    const evidence = { type: "operationRead", finding: { state: "running" } } as const;
    const decision = decided(about, evidence);
    expect(decision.effect).to.deep.equal({ type: "wait", untilMs: nowMs + 20_000 });
    expect(decision.step.progress).to.deep.include({
      ...{ state: "running", memo: { perhapsSent: true } },
    });
    expect(decision.step.attempt).to.deep.equal({ outcome: "accepted", operation: name });
    expect(decision.step.events[0]?.data).to.include({ by: "name" });
  });

  it("asks one that goes on to cancel in a run that is cancelled", () => {
    const about = situation("unknown", { runState: "cancelling", attempt: { operation: name } });
    const evidence = { type: "operationRead", finding: { state: "running" } } as const;
    expect(decided(about, evidence).effect).to.deep.equal({
      ...{ type: "cancelOperation", operation: name },
    });
  });

  it("adopts an operation that has ended, by the list", () => {
    const error = new OperationFailedError("operations/late", {
      ...{ code: "INTERNAL", message: "", details: [] },
    });
    const found = { operation: name, finding: { state: "failed", error } } as const;
    const decision = decided(situation("unknown"), { type: "operationsListed", match: found });
    expect(decision.effect.type).to.equal("readOutput");
    expect(decision.step.progress.memo).to.include({ operationEnd: "failed" });
    expect(decision.step.attempt).to.deep.equal({ outcome: "accepted", operation: name });
    expect(eventTypes(decision)).to.deep.equal(["adopted", "operationEnded"]);
  });

  it("adopts output, with its own time of grace", () => {
    const about = situation("unknown", { memo: quarantine });
    const decision = decided(about, { type: "outputListed", shards: 2 });
    expect(decision.effect).to.deep.equal({ type: "readOutput", attempt: about.attempt });
    expect(decision.step.progress.state).to.equal("collecting");
    expect(decision.step.progress.memo).to.deep.equal({
      ...{ ...quarantine, adopted: true, shards: 2 },
      ...{ lastOutputMs: nowMs, graceUntilMs: nowMs + 3_600_000 },
    });
    expect(decision.step.attempt).to.deep.equal({ outcome: "accepted" });
  });

  it("adopts output that has grown since it was given up to be complete", () => {
    const decision = decided(situation("unknown", incomplete), { type: "outputListed", shards: 3 });
    expect(decision.step.progress.state).to.equal("collecting");
  });

  it("looks again while the quarantine lasts, whatever the policy, and gives the claim back", () => {
    for (const onUnknownSubmit of ["wait", "fail", "resubmit"] as const) {
      const about = situation("unknown", { memo: quarantine, policy: { onUnknownSubmit } });
      const { step, effect } = decided(about, nothing);
      expect(step.progress.state).to.equal("unknown");
      expect(step.progress.dueMs).to.be.within(nowMs + 1, nowMs + 1_800_000);
      expect(step.release).to.equal(true);
      expect(effect).to.deep.equal({ type: "leave" });
    }
  });

  it("forgets reads that failed before, and keeps why the fate is unknown", () => {
    const [error, why] = [{ message: "a read that failed" }, { message: "no answer" }];
    const memo = { ...quarantine, pollFailures: 4 };
    const about = situation("unknown", { memo, chunk: { error }, attempt: { error: why } });
    expect(decided(about, nothing).step.progress).to.deep.include({ memo: quarantine, error: why });
  });

  it("looks a last time at the end of the quarantine", () => {
    const endMs = quarantine.quarantineUntilMs;
    const about = situation("unknown", { memo: quarantine, nowMs: endMs - 1 });
    expect(decided(about, nothing).step.progress.dueMs).to.equal(endMs);
  });
});

describe("an unknown attempt of which nothing was found", () => {
  it("waits for a person under the policy wait", () => {
    const decision = decided(situation("unknown", over), nothing);
    expect(decision.step.progress.state).to.equal("unknown");
    expect(decision.step.progress).not.to.have.property("dueMs");
    expect(decision.step.release).to.equal(true);
    expect(eventTypes(decision)).to.deep.equal(["undecided"]);
  });

  it("fails under the policy fail, with its inputs missing", () => {
    const about = situation("unknown", { ...over, policy: { onUnknownSubmit: "fail" } });
    const decision = decided(about, nothing);
    expect(decision.step.progress.state).to.equal("failed");
    expect(decision.step.progress.error).to.have.property("message").that.contains("accepted");
    expect(decision.step.outcome).to.deep.equal({ counts: counts({ missing: 10 }) });
    expect(decision.step).not.to.have.property("attempt");
    expect(eventTypes(decision)).to.deep.equal(["givenUp", "ended"]);
  });

  it("is sent again under the policy resubmit, which the event tells", () => {
    const about = situation("unknown", { ...over, policy: { onUnknownSubmit: "resubmit" } });
    expect(decideStep(about, nothing)).to.deep.equal({
      effect: {
        ...{ type: "submit", event: { type: "resubmitting", data: { attempt: 2, by: "policy" } } },
      },
    });
  });

  it("is not sent again while the run is paused", () => {
    const policy = { onUnknownSubmit: "resubmit" } as const;
    const about = situation("unknown", { ...over, policy, runState: "paused" });
    const { step, effect } = decided(about, nothing);
    expect(step.progress.state).to.equal("unknown");
    expect(step.progress.dueMs).to.be.greaterThan(overMs);
    expect(effect).to.deep.equal({ type: "leave" });
  });

  it("is looked for again after the limits had no room for it", () => {
    const gate = { gate: "wait", waitMs: 7_200_000, limit: "processing" } as const;
    const { step } = decided(situation("unknown", over), { type: "heldBack", gate });
    expect(step.progress).to.include({ state: "unknown", dueMs: overMs + 7_200_000 });
  });

  it("is left as it is where a name was recorded before it was sent again, and looked for while nothing leaves", () => {
    const gate = { gate: "accepted", operation: operation("operations/late") } as const;
    expect(decideStep(situation("unknown", over), { type: "heldBack", gate })).to.deep.equal({
      effect: { type: "leave" },
    });
    const unreachable = { type: "unreachable", error: rpcError("UNAVAILABLE") } as const;
    const { step } = decided(situation("unknown", over), unreachable);
    expect(step.progress).to.include({ state: "unknown" });
    expect(step.progress.dueMs).to.be.greaterThan(overMs);
    expect(step.release).to.equal(true);
  });

  it("is given up in a run that is cancelled, whatever the policy", () => {
    for (const onUnknownSubmit of ["wait", "resubmit"] as const) {
      const policy = { onUnknownSubmit };
      const about = situation("unknown", { ...over, policy, runState: "cancelling" });
      const { step } = decided(about, nothing);
      expect(step.progress.state).to.equal("failed");
      expect(step.events[0]?.data).to.deep.equal({ by: "cancel", shards: 0 });
    }
  });

  it("is not given up before the quarantine is over in a run that is cancelled", () => {
    const about = situation("unknown", { memo: quarantine, runState: "cancelling" });
    expect(decided(about, nothing).step.progress.state).to.equal("unknown");
  });
});

describe("a person's decision about an unknown attempt", () => {
  const decidedBy = (decision: "resubmit" | "fail"): SituationChanges => ({
    ...{ memo: quarantine, chunk: { decision } },
  });

  it("is taken after one more look", () => {
    const about = situation("unknown", decidedBy("resubmit"));
    expect(decideStep(about, due).effect.type).to.equal("findOperation");
  });

  it("to send it again holds before the quarantine is over, and is told by the event", () => {
    expect(decideStep(situation("unknown", decidedBy("resubmit")), nothing)).to.deep.equal({
      effect: {
        ...{ type: "submit", event: { type: "resubmitting", data: { attempt: 2, by: "person" } } },
      },
    });
  });

  it("to send it again yields to output that was found", () => {
    const about = situation("unknown", decidedBy("resubmit"));
    const { step } = decided(about, { type: "outputListed", shards: 1 });
    expect(step.progress.state).to.equal("collecting");
  });

  it("to send it again holds against output that stayed incomplete", () => {
    const about = situation("unknown", { ...incomplete, chunk: { decision: "resubmit" } });
    const { effect } = decideStep(about, { type: "outputListed", shards: 2 });
    expect(effect.type).to.equal("submit");
  });

  it("to send it again is void in a run that is cancelled", () => {
    const about = situation("unknown", { ...decidedBy("resubmit"), runState: "cancelling" });
    const { step } = decided(about, nothing);
    expect(step.progress.state).to.equal("failed");
  });

  it("to fail ends it at once", () => {
    const { step } = decided(situation("unknown", decidedBy("fail")), nothing);
    expect(step.progress.state).to.equal("failed");
    expect(step.events[0]?.data).to.deep.equal({ by: "person", shards: 0 });
  });

  it("to fail counts what has a result, where there is output", () => {
    const about = situation("unknown", { ...incomplete, chunk: { decision: "fail" } });
    const { step, effect } = decided(about, { type: "outputListed", shards: 2 });
    expect(effect.type).to.equal("readOutput");
    expect(step.progress).to.deep.include({
      ...{ state: "collecting", memo: { perhapsSent: true, givenUp: true } },
    });
  });
});

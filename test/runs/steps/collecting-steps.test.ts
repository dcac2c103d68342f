import { expect } from "chai";
import { ResultCountError } from "../../../src/errors/index.ts";
import { decideStep } from "../../../src/runs/steps/index.ts";
import type { StepMemo } from "../../../src/runs/steps/step-memo.ts";
import { counts } from "../journal/planned-run.ts";
import {
  decided,
  due,
  eventTypes,
  nowMs,
  outputRead,
  situation,
  storageError,
} from "./situations.ts";

const waiting: StepMemo = { lastOutputMs: nowMs - 5000, graceUntilMs: nowMs + 5000, shards: 1 };
const waited: StepMemo = { ...waiting, graceUntilMs: nowMs };
const operationError = { name: "OperationFailedError", message: "it failed" };

describe("a step of a chunk that is collected", () => {
  it("reads the output", () => {
    const about = situation("collecting");
    expect(decideStep(about, due)).to.deep.equal({
      effect: { type: "readOutput", attempt: about.attempt },
    });
  });

  it("is done when every input has a result, failed ones too", () => {
    const chunk = { error: { message: "a read that failed" } };
    const about = situation("collecting", { memo: waiting, chunk });
    const decision = decided(about, outputRead({ succeeded: 7, partial: 1, failed: 2 }));
    expect(decision.effect).to.deep.equal({ type: "leave" });
    expect(decision.step.progress).to.deep.equal({ state: "done", polls: 2, memo: {} });
    expect(decision.step.outcome).to.deep.equal({
      ...{ counts: counts({ succeeded: 7, partial: 1, failed: 2 }), manifest: { shards: 1 } },
    });
    expect(decision.step.events).to.deep.equal([
      {
        ...{ type: "ended" },
        data: { state: "done", counts: { succeeded: 7, partial: 1, failed: 2 } },
      },
    ]);
  });

  it("keeps a status for each input", () => {
    const statuses = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    const read = { ...outputRead({ succeeded: 9, failed: 1 }), statuses };
    expect(decided(situation("collecting"), read).step.outcome?.statuses).to.equal(statuses);
  });

  it("waits for missing shards until the time of grace is over", () => {
    const about = situation("collecting", { memo: waiting });
    const decision = decided(about, outputRead({ succeeded: 9, missing: 1 }));
    expect(decision.step.progress).to.deep.include({ state: "collecting", memo: waiting });
    expect(decision.step.progress.dueMs).to.be.within(nowMs + 1, nowMs + 5000);
    expect(decision.isMinor).to.equal(true);
  });

  it("begins the time of grace anew with each new shard", () => {
    const about = situation("collecting", { memo: waited });
    const read = outputRead({ succeeded: 9, missing: 1 }, { shards: 2 });
    const decision = decided(about, read);
    expect(decision.step.progress.memo).to.deep.equal({
      ...{ shards: 2, lastOutputMs: nowMs, graceUntilMs: nowMs + 60_000 },
    });
    expect(decision.isMinor).to.equal(false);
    expect(eventTypes(decision)).to.deep.equal(["shardsAppeared"]);
  });

  it("fails after the time of grace, and tells what is missing and unreadable", () => {
    const about = situation("collecting", { memo: waited });
    const read = outputRead({ succeeded: 9, missing: 1 }, { malformed: 1 });
    const { step } = decided(about, read);
    expect(step.progress.state).to.equal("failed");
    expect(step.progress.error)
      .to.have.property("message")
      .that.matches(/1 of 10 inputs .* 1 shards/);
    expect(step.outcome?.counts).to.deep.equal(counts({ succeeded: 9, missing: 1 }));
    expect(step.events[0]?.data).to.deep.include({ malformed: 1 });
  });

  for (const operationEnd of ["failed", "cancelled"] as const) {
    it(`ends as ${operationEnd} when the operation did, and counts what it had written`, () => {
      const memo = { ...waited, operationEnd };
      const about = situation("collecting", { memo, chunk: { error: operationError } });
      for (const read of [{ succeeded: 4, missing: 6 }, { succeeded: 10 }]) {
        const { step } = decided(about, outputRead(read));
        expect(step.progress.state).to.equal(operationEnd);
        expect(step.progress.error).to.deep.equal(operationError);
        expect(step.outcome?.counts).to.deep.equal(counts(read));
      }
    });
  }

  it("does not wait for the output of an operation that failed without any", () => {
    const memo = { ...waiting, shards: 0, operationEnd: "failed" } as const;
    const read = outputRead({ missing: 10 }, { shards: 0 });
    const { step } = decided(situation("collecting", { memo }), read);
    expect(step.progress.state).to.equal("failed");
  });

  it("waits for more of an operation that failed with some", () => {
    const memo = { ...waiting, operationEnd: "failed" } as const;
    const about = situation("collecting", { memo, chunk: { error: operationError } });
    const { step } = decided(about, outputRead({ succeeded: 4, missing: 6 }));
    expect(step.progress).to.deep.include({ state: "collecting", error: operationError });
  });

  it("repeats a read that failed however long that takes, and tells what only a person can help", () => {
    const error = storageError("permissionDenied");
    const memo = { ...waited, pollFailures: 50 };
    const decision = decided(situation("collecting", { memo }), { type: "outputUnread", error });
    expect(decision.step.progress).to.include({ state: "collecting", dueMs: nowMs + 300_000 });
    expect(decision.problem).to.equal(error);
  });

  it("keeps the error of the operation when a read fails", () => {
    const memo = { ...waited, operationEnd: "failed" } as const;
    const about = situation("collecting", { memo, chunk: { error: operationError } });
    const { step } = decided(about, { type: "outputUnread", error: storageError("unavailable") });
    expect(step.progress.error).to.deep.equal(operationError);
  });

  it("refuses counts that do not add up to the inputs", () => {
    expect(() => decideStep(situation("collecting"), outputRead({ succeeded: 9 }))).to.throw(
      ResultCountError,
    );
  });
});

describe("a step of a chunk whose output was found without its operation", () => {
  const adopted: StepMemo = { ...waited, adopted: true };

  it("is done when it is complete", () => {
    const { step } = decided(
      situation("collecting", { memo: adopted }),
      outputRead({ failed: 10 }),
    );
    expect(step.progress.state).to.equal("done");
  });

  it("waits longer for the next shard", () => {
    const read = outputRead({ succeeded: 9, missing: 1 }, { shards: 2 });
    const { step } = decided(situation("collecting", { memo: adopted }), read);
    expect(step.progress.memo).to.include({ graceUntilMs: nowMs + 3_600_000, adopted: true });
  });

  it("is unknown again after the time of grace: never sent again without a decision", () => {
    for (const onUnknownSubmit of ["wait", "fail", "resubmit"] as const) {
      const about = situation("collecting", { memo: adopted, policy: { onUnknownSubmit } });
      const decision = decided(about, outputRead({ succeeded: 9, missing: 1 }));
      expect(decision.effect).to.deep.equal({ type: "leave" });
      expect(decision.step.release).to.equal(true);
      expect(decision.step.progress).to.deep.include({ state: "unknown", dueMs: nowMs });
      expect(decision.step.progress.memo).to.deep.equal(adopted);
      expect(eventTypes(decision)).to.deep.equal(["graceOver"]);
    }
  });

  it("ends with what there is once it was given up", () => {
    const memo = { givenUp: true, perhapsSent: true };
    const read = outputRead({ succeeded: 9, missing: 1 });
    const { step } = decided(situation("collecting", { memo }), read);
    expect(step.progress.state).to.equal("failed");
    expect(step.outcome?.counts).to.deep.equal(counts({ succeeded: 9, missing: 1 }));
  });
});

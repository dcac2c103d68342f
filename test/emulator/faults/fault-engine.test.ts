import { expect } from "chai";
import { FaultEngine } from "../../../src/emulator/faults/fault-engine.ts";
import type { FaultRule } from "../../../src/emulator/faults/fault-rule.ts";

const status = { code: "UNAVAILABLE", message: "try later" } as const;

/** Which of so many calls of a method are struck, counted from 1. */
function struck(engine: FaultEngine, count: number, method = "GetOperation"): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1).filter(
    () => engine.strikes("operations", method).beforeAcceptance !== undefined,
  );
}

const engineOf = (rule: FaultRule, seed = 1): FaultEngine => new FaultEngine([rule], seed);

describe("FaultEngine", () => {
  it("strikes every call without a number", () => {
    expect(struck(engineOf({ status }), 3)).to.deep.equal([1, 2, 3]);
  });

  it("strikes the numbered calls", () => {
    expect(struck(engineOf({ status, nth: 2 }), 4)).to.deep.equal([2]);
    expect(struck(engineOf({ status, nth: [1, 3] }), 4)).to.deep.equal([1, 3]);
  });

  it("stops after so many times", () => {
    expect(struck(engineOf({ status, times: 2 }), 5)).to.deep.equal([1, 2]);
  });

  it("counts only the calls that a rule matches", () => {
    const engine = engineOf({ status, method: "GetOperation", nth: 2 });
    expect(struck(engine, 1)).to.deep.equal([]);
    expect(struck(engine, 3, "CancelOperation")).to.deep.equal([]);
    expect(struck(engine, 1)).to.deep.equal([1]);
  });

  it("matches methods by glob, and services", () => {
    const engine = engineOf({ status, service: "storage", method: "objects.*" });
    expect(engine.strikes("storage", "objects.get")).to.have.property("beforeAcceptance");
    expect(engine.strikes("storage", "objectsXget")).to.deep.equal({});
    expect(engine.strikes("storage", "buckets.get")).to.deep.equal({});
    expect(engine.strikes("vision", "objects.get")).to.deep.equal({});
  });

  it("counts only submits for what is to end an operation", () => {
    const engine = engineOf({ status, when: "operation", nth: 1 });
    expect(engine.strikes("operations", "GetOperation")).to.deep.equal({});
    expect(engine.strikes("vision", "BatchAnnotateImages")).to.deep.equal({});
    expect(engine.strikes("vision", "AsyncBatchAnnotateFiles")).to.have.property("operation");
  });

  it("draws the same calls for the same seed, about as often as it should", () => {
    const rule = { status, probability: 0.3 };
    const first = struck(engineOf(rule, 7), 1000);
    expect(struck(engineOf(rule, 7), 1000)).to.deep.equal(first);
    expect(struck(engineOf(rule, 8), 1000)).to.not.deep.equal(first);
    expect(first.length).to.be.within(240, 360);
  });

  it("starts again when the rules are set", () => {
    const engine = engineOf({ status, nth: 1 });
    expect(struck(engine, 2)).to.deep.equal([1]);
    engine.setRules([{ status, nth: 1 }]);
    expect(struck(engine, 2)).to.deep.equal([1]);
  });

  it("lets the first rule that fits a moment win it, and leaves other moments alone", () => {
    const engine = new FaultEngine(
      [{ when: "afterAcceptance", dropConnection: true }, { delayMs: 5 }, { status }],
      1,
    );
    expect(engine.strikes("vision", "X")).to.deep.equal({
      afterAcceptance: { delayMs: 0, afterBytes: 0, drop: "beforeHeaders" },
      beforeAcceptance: { delayMs: 5, afterBytes: 0 },
    });
  });

  it("counts shards by themselves, and calls without those", () => {
    const engine = new FaultEngine(
      [
        { when: "output", shard: "missing", method: "*Images", nth: 2 },
        { when: "output", shard: "truncated", nth: [2, 3] },
        { status, nth: 1 },
      ],
      1,
    );
    const shards = Array.from({ length: 4 }, () => engine.strikeShard("AsyncBatchAnnotateImages"));
    expect(shards).to.deep.equal([undefined, "missing", "truncated", undefined]);
    expect(engine.strikeShard("AsyncBatchAnnotateFiles")).to.equal(undefined);
    expect(struck(engine, 2)).to.deep.equal([1]);
  });
});

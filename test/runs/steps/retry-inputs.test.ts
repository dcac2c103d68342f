import { expect } from "chai";
import { chooseRetries, statusCodes } from "../../../src/runs/steps/index.ts";
import { counts } from "../journal/planned-run.ts";

describe("chooseRetries", () => {
  const mixed = {
    counts: counts({
      succeeded: 1,
      partial: 1,
      failed: 1,
      missing: 1,
      notSubmitted: 1,
      retried: 1,
    }),
    statuses: Uint8Array.from([0, 1, 2, 3, 4, 5]),
    manifest: { shards: 2 },
  };

  it("takes what has no result, and marks it as retried", () => {
    expect(chooseRetries(mixed)).to.deep.equal({
      positions: [2, 3, 4],
      outcome: {
        counts: counts({ succeeded: 1, partial: 1, retried: 4 }),
        statuses: Uint8Array.from([0, 1, 5, 5, 5, 5]),
        manifest: { shards: 2 },
      },
    });
  });

  it("does not change the outcome that it is given", () => {
    chooseRetries(mixed);
    expect([...mixed.statuses]).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });

  it("takes other statuses where they are told, but nothing twice", () => {
    expect(chooseRetries(mixed, ["partial", "retried"])?.positions).to.deep.equal([1]);
  });

  it("takes all inputs of a chunk that tells one status for all", () => {
    const choice = chooseRetries({ counts: counts({ notSubmitted: 3 }) });
    expect(choice?.positions).to.deep.equal([0, 1, 2]);
    expect(choice?.outcome.counts).to.deep.equal(counts({ retried: 3 }));
  });

  it("finds nothing to do where every input has a result", () => {
    expect(chooseRetries({ counts: counts({ succeeded: 3 }) })).to.equal(undefined);
    expect(chooseRetries({ counts: counts({}) })).to.equal(undefined);
  });

  it("refuses an outcome that does not tell which input has which status", () => {
    const outcome = { counts: counts({ succeeded: 1, missing: 1 }) };
    expect(() => statusCodes(outcome)).to.throw("succeeded and missing");
  });
});

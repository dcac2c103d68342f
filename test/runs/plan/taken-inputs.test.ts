import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { TakenInputs } from "../../../src/runs/plan/taken-inputs.ts";

/** Takes inputs whose iterator ends so, and reads none. */
async function left(end: () => Promise<IteratorResult<string>>): Promise<void> {
  const next = () => Promise.resolve({ done: false, value: "gs://scans/1.png" });
  const inputs = { [Symbol.asyncIterator]: () => ({ next, return: end }) };
  {
    using _taken = new TakenInputs(inputs);
  }
  await nextTurn();
}

describe("TakenInputs", () => {
  it("close what nobody has read, and tell nobody that it cannot be closed", async () => {
    let closed = 0;
    await left(() => Promise.reject(new Error(`it cannot be closed, ${++closed}`)));
    await left(() => {
      throw new Error(`it cannot be closed, ${++closed}`);
    });
    expect(closed).to.equal(2);
  });
});

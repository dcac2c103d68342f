import { once } from "node:events";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
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

  it("take the lines of what was read from before the reader was made", async () => {
    const input = Readable.from([Buffer.from("yes\n"), Buffer.from("a\nb\n")]);
    await once(input, "readable");
    // As streams of files and sockets tell it.
    Object.assign(input, { bytesRead: (input.read() as Buffer).length });
    using taken = new TakenInputs(createInterface({ input }));
    const lines: unknown[] = [];
    for await (const line of taken.inputs) lines.push(line);
    expect(lines).to.deep.equal(["a", "b"]);
  });
});

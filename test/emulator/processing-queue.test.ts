import { expect } from "chai";
import { ProcessingQueue } from "../../src/emulator/processing-queue.ts";
import { rejection } from "../fixtures/rejection.ts";

const never = new AbortController().signal;

describe("ProcessingQueue", () => {
  it("gives its room back when work fails", async () => {
    const queue = new ProcessingQueue(1);
    const failure = new Error("broken");
    expect(await rejection(queue.run(() => Promise.reject(failure), never))).to.equal(failure);
    expect(await queue.run(() => Promise.resolve("next"), never)).to.equal("next");
  });

  it("runs no more at a time than it has room for, in order", async () => {
    const queue = new ProcessingQueue(2);
    const begun: number[] = [];
    let most = 0;
    let running = 0;
    const work = async (index: number): Promise<void> => {
      begun.push(index);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all([0, 1, 2, 3, 4].map((index) => queue.run(() => work(index), never)));
    expect(most).to.equal(2);
    expect(begun).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it("lets go of one that gives up waiting", async () => {
    const queue = new ProcessingQueue(2);
    const leave = await queue.enter(2, never);
    const stop = new AbortController();
    const large = queue.enter(2, stop.signal);
    const small = queue.enter(1, never);
    stop.abort(new Error("enough"));
    expect(await rejection(large)).to.equal(stop.signal.reason);
    leave();
    (await small)();
    expect(await rejection(queue.enter(1, stop.signal))).to.equal(stop.signal.reason);
  });
});

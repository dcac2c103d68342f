import { EventEmitter } from "node:events";
import { expect } from "chai";
import { watchInterrupts, type InterruptChoice } from "../../src/cli/interrupts.ts";

/** Sends signals to a watcher and notes what it calls. */
function watch(choices: readonly (InterruptChoice | Error)[]) {
  const source = new EventEmitter();
  const calls: string[] = [];
  const answers = [...choices];
  const watching = watchInterrupts(
    {
      choose: async () => {
        const answer = answers.shift();
        calls.push("asked");
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer");
        return Promise.resolve(answer);
      },
      onChoice: (choice) => calls.push(choice),
      leaveNow: () => calls.push("now"),
    },
    source,
  );
  const send = async (signal: string): Promise<void> => {
    source.emit(signal);
    await new Promise(setImmediate);
  };
  return { source, calls, send, watching };
}

describe("watchInterrupts", () => {
  it("decides on the first signal and ends at the second", async () => {
    const { calls, send } = watch(["cancel"]);
    await send("SIGINT");
    await send("SIGTERM");
    expect(calls).to.deep.equal(["asked", "cancel", "now"]);
  });

  it("asks again after going on", async () => {
    const { calls, send } = watch(["goOn", "leave"]);
    await send("SIGINT");
    await send("SIGINT");
    expect(calls).to.deep.equal(["asked", "asked", "leave"]);
  });

  it("leaves where the question fails", async () => {
    const { calls, send } = watch([new Error("no terminal")]);
    await send("SIGINT");
    expect(calls).to.deep.equal(["asked", "leave"]);
  });

  it("listens no longer once it is disposed of", () => {
    const { source, watching } = watch([]);
    expect(source.listenerCount("SIGINT")).to.equal(1);
    watching[Symbol.dispose]();
    expect(source.eventNames()).to.deep.equal([]);
  });
});

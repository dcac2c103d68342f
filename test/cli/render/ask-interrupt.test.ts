import { PassThrough } from "node:stream";
import { expect } from "chai";
import { askInterrupt } from "../../../src/cli/render/ask-interrupt.ts";

/** Answers the question with these keys and gives the choice and what was shown. */
async function ask(keys: readonly string[], takenBack = new AbortController()) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  let shown = "";
  stderr.setEncoding("utf8").on("data", (text: string) => (shown += text));
  const asked = askInterrupt({ stdin, stderr, stdout: new PassThrough() }, 2, takenBack.signal);
  while (!shown.includes("Go on")) await new Promise(setImmediate);
  for (const key of keys) {
    stdin.write(key);
    await new Promise(setImmediate);
  }
  if (keys.length === 0) takenBack.abort();
  return { choice: await asked, shown };
}

const down = "\u001b[B";

describe("askInterrupt", () => {
  it("asks what to do with the running operations", async () => {
    const { choice, shown } = await ask(["\r"]);
    expect(shown).to.contain("2 operations are running");
    expect(choice).to.equal("leave");
  });

  it("takes each answer", async () => {
    expect((await ask([down, "\r"])).choice).to.equal("cancel");
    expect((await ask([down, down, "\r"])).choice).to.equal("goOn");
  });

  it("goes on where the question is taken back, since the operations have ended", async () => {
    expect((await ask([])).choice).to.equal("goOn");
  });

  it("takes another Ctrl-C for leaving", async () => {
    expect((await ask(["\u0003"])).choice).to.equal("leave");
  });
});

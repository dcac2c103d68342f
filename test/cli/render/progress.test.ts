import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { BarProgress } from "../../../src/cli/render/bar-progress.ts";
import { LineProgress } from "../../../src/cli/render/line-progress.ts";
import { createProgress } from "../../../src/cli/render/create-progress.ts";
import type { ProgressState } from "../../../src/cli/render/progress.ts";

function capture() {
  const stream = new PassThrough() as PassThrough & { isTTY?: boolean; columns?: number };
  const read = (): string => String(stream.read() ?? "");
  return { stream, read };
}

const state = (done: number, phase = "annotating"): ProgressState => ({
  phase,
  done,
  total: 10,
  unit: "inputs",
});

describe("LineProgress", () => {
  it("writes a line when a phase begins, now and then, and when it ends", () => {
    const { stream, read } = capture();
    let now = 0;
    const progress = new LineProgress(stream, { intervalMs: 1000, now: () => now });
    for (const done of [0, 1, 2]) progress.update(state(done));
    now = 1500;
    progress.update(state(3));
    progress.update(state(4));
    progress.update(state(10));
    progress.update(state(10));
    progress.update(state(0, "reading results"));
    expect(read()).to.equal(
      [
        "annotating: 0 of 10 inputs",
        "annotating: 3 of 10 inputs",
        "annotating: 10 of 10 inputs",
        "reading results: 0 of 10 inputs",
        "",
      ].join("\n"),
    );
  });

  it("counts on where the total is not known", () => {
    const { stream, read } = capture();
    const progress = new LineProgress(stream);
    for (const done of [1, 2, 3]) progress.update({ phase: "reading", done, unit: "inputs" });
    expect(read()).to.equal("reading: 1 inputs\n");
  });

  it("tells how far a phase came of which nobody knew how long it is", () => {
    const { stream, read } = capture();
    const progress = new LineProgress(stream, { now: () => 0 });
    for (const done of [1, 2, 3]) progress.update({ phase: "preparing", done, unit: "inputs" });
    progress.update(state(0));
    progress.update(state(4));
    progress.stop();
    progress.stop();
    expect(read()).to.equal(
      [
        "preparing: 1 inputs",
        "preparing: 3 inputs",
        "annotating: 0 of 10 inputs",
        "annotating: 4 of 10 inputs",
        "",
      ].join("\n"),
    );
  });

  it("escapes what it is told", () => {
    const { stream, read } = capture();
    new LineProgress(stream).note("a\u001b[31mb");
    expect(read()).to.equal("a\\x1b[31mb\n");
  });

  it("shows notes only when it is quiet", () => {
    const { stream, read } = capture();
    const progress = createProgress(stream, true);
    progress.update(state(1));
    progress.note("important");
    expect(read()).to.equal("important\n");
  });
});

/** What stands on the screen in the end, line by line. */
function screenOf(output: string): readonly string[] {
  const screen: string[] = [];
  for (const line of output.split("\n")) {
    const erased = line.split("\u001b[1A\u001b[2K");
    screen.splice(screen.length - (erased.length - 1), erased.length - 1);
    screen.push(stripVTControlCharacters(erased.at(-1) ?? ""));
  }
  return screen;
}

describe("BarProgress", () => {
  it("draws one line that fits the terminal and leaves the last state behind", async () => {
    const { stream, read } = capture();
    stream.columns = 40;
    const progress = new BarProgress(stream, 1);
    progress.update(state(5, "annotating a very long list of things"));
    await new Promise((resolve) => setTimeout(resolve, 20));
    progress.stop();
    const output = read();
    const plain = output.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, "\n").split("\n");
    expect(Math.max(...plain.slice(0, -2).map((line) => line.length))).to.be.at.most(40);
    expect(output).to.contain("━");
    expect(
      output.trimEnd().endsWith("annotating a very long list of things: 5 of 10 inputs"),
    ).to.equal(true);
  });

  for (const columns of [80, 20]) {
    it(`shows how far it is without colours on ${columns} columns`, async () => {
      const { stream, read } = capture();
      stream.columns = columns;
      const progress = new BarProgress(stream, 1);
      progress.update(state(5));
      await new Promise((resolve) => setTimeout(resolve, 20));
      const [drawn = ""] = stripVTControlCharacters(read()).split("\n");
      progress.stop();
      expect(drawn.trim().length).to.be.within(1, columns);
      if (columns > 20) expect(drawn).to.match(/^━{12}─{12} annotating: 5 of 10 inputs/);
      else expect(drawn).to.match(/^annotating: /);
    });
  }

  it("draws over its line when it has changed, and leaves no trace of it beside a note", async () => {
    const { stream, read } = capture();
    const progress = new BarProgress(stream, 1);
    progress.update(state(5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    progress.update(state(6));
    await new Promise((resolve) => setTimeout(resolve, 20));
    progress.note("noted");
    progress.stop();
    expect(screenOf(read())).to.deep.equal(["noted", "annotating: 6 of 10 inputs", ""]);
  });

  it("is out of the way of what is written above it, which waits while a question is asked", async () => {
    const { stream, read } = capture();
    const progress = new BarProgress(stream, 1);
    const write = (line: string) => () => {
      stream.write(`${line}\n`);
      return Promise.resolve();
    };
    progress.update(state(5));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await progress.above(write("first"));
    progress.pause();
    const second = progress.above(write("second"));
    stream.write("a question\n");
    await new Promise((resolve) => setTimeout(resolve, 5));
    progress.resume();
    await second;
    progress.stop();
    expect(screenOf(read())).to.deep.equal([
      ...["first", "a question", "second"],
      ...["annotating: 5 of 10 inputs", ""],
    ]);
  });

  it("is not chosen for a terminal that cannot draw over a line", () => {
    const { stream } = capture();
    stream.isTTY = true;
    const before = process.env["TERM"];
    process.env["TERM"] = "dumb";
    try {
      expect(createProgress(stream)).to.be.instanceOf(LineProgress);
    } finally {
      if (before === undefined) delete process.env["TERM"];
      else process.env["TERM"] = before;
    }
  });

  it("is chosen on a terminal only", () => {
    const { stream } = capture();
    expect(createProgress(stream)).to.be.instanceOf(LineProgress);
    stream.isTTY = true;
    const progress = createProgress(stream);
    progress.stop();
    expect(progress).to.be.instanceOf(BarProgress);
  });
});

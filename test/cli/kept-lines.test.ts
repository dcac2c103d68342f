import { PassThrough, Writable } from "node:stream";
import { expect } from "chai";
import { KeptLines } from "../../src/cli/kept-lines.ts";
import { endWithReader, type Streams } from "../../src/cli/streams.ts";

/** A stdout that takes so many lines, and is then without a reader. */
function closingStdout(taken: string[], most: number): Writable {
  const stdout = new Writable({
    autoDestroy: false,
    write: (chunk: Buffer, _encoding, done) => {
      if (taken.length < most) taken.push(chunk.toString());
      const isTaken = taken.at(-1) === chunk.toString();
      done(isTaken ? null : Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    },
  });
  return stdout.on("error", endWithReader);
}

describe("KeptLines", () => {
  const streamsOf = (stdout: Writable): Streams & { readonly stderr: PassThrough } => ({
    ...{ stdin: new PassThrough(), stderr: new PassThrough(), stdout },
  });

  it("writes lines to stdout, and leaves its errors as they were", async () => {
    const taken: string[] = [];
    const stdout = closingStdout(taken, 9);
    {
      using lines = new KeptLines(streamsOf(stdout));
      expect(stdout.listeners("error")).to.not.include(endWithReader);
      lines.write("one");
      lines.write("two");
      expect(await lines.areOut()).to.equal(true);
    }
    expect(taken).to.deep.equal(["one\n", "two\n"]);
    expect(stdout.listeners("error")).to.deep.equal([endWithReader]);
  });

  it("writes to stderr what stdout does not take, and tells of it once", async () => {
    const streams = streamsOf(closingStdout([], 1));
    let lost = 0;
    using lines = new KeptLines(streams, () => lost++);
    for (const line of ["one", "two", "three"]) {
      lines.write(line);
      await lines.areOut();
    }
    expect(await lines.areOut()).to.equal(false);
    expect(lost).to.equal(1);
    const told = (streams.stderr.read() as Buffer).toString();
    expect(told)
      .to.match(/^stdout is closed.*\ntwo\n/)
      .and.not.include("one");
  });
});

import { PassThrough } from "node:stream";
import { expect } from "chai";
import type { RecordOutput } from "../../src/cli/record-output.ts";
import type { Progress } from "../../src/cli/render/progress.ts";
import { RunRecords } from "../../src/cli/run-records.ts";
import type { Streams } from "../../src/cli/streams.ts";
import type { RunRequest } from "../../src/index.ts";
import { rejection } from "../fixtures/rejection.ts";
import { request, RunsFixture } from "../runs/runs-fixture.ts";

const pdf = "%PDF-1.7 two pages";
const pages = [1, 2].map((page) => ({ fullTextAnnotation: { text: `page ${page}` } }));
const progress: Progress = { update() {}, note() {}, pause() {}, resume() {}, stop() {} };

/** An output that keeps what it takes. */
class KeptOutput implements RecordOutput {
  text = "";
  readonly isTerminal: boolean;
  readonly #isStuck: boolean;

  constructor({ isTerminal = false, isStuck = false } = {}) {
    this.isTerminal = isTerminal;
    this.#isStuck = isStuck;
  }

  readonly write = async (content: string | Uint8Array): Promise<void> => {
    this.text += String(content);
    if (this.#isStuck) await new Promise<never>(() => undefined);
  };

  readonly commit = (): Promise<void> => Promise.resolve();
  readonly discard = (): Promise<void> => Promise.resolve();

  get lines(): readonly string[] {
    return this.text.split("\n").filter((line) => line !== "");
  }
}

describe("the records of a run that is worked on", () => {
  let fixture: RunsFixture;
  const left = new AbortController();

  beforeEach(async () => {
    fixture = await RunsFixture.start({ pages: { [pdf]: pages } });
    await fixture.test.put("gs://inputs/a.pdf", pdf);
  });

  afterEach(() => fixture.close());

  async function begin(output: RecordOutput, more: Partial<RunRequest> = {}, { signal } = left) {
    const runs = await fixture.open();
    const run = await runs.start(request(20, more));
    const stdout = new PassThrough();
    const streams: Streams = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
    const records = await RunRecords.begin(run, { output, streams, progress, signal });
    if (records === undefined) throw new Error("there is an output");
    return { run, records };
  }

  it("are written before it is over, and what is left of them after", async () => {
    const output = new KeptOutput();
    const { run, records } = await begin(output);
    const snapshot = await run.wait();
    expect(output.lines).to.have.length.above(0);
    const written = await records.finish(snapshot);
    records[Symbol.dispose]();
    expect(written?.inputs).to.equal(20);
    expect(output.lines).to.have.length(20);
  });

  it("wait on a screen until it is over, for progress is shown there", async () => {
    const output = new KeptOutput({ isTerminal: true });
    const { run, records } = await begin(output);
    const snapshot = await run.wait();
    expect(output.text).to.equal("");
    await records.finish(snapshot);
    records[Symbol.dispose]();
    expect(output.lines).to.have.length(20);
  });

  it("wait where there are documents, whose pages must come together", async () => {
    const output = new KeptOutput();
    const inputs = ["gs://inputs/a.pdf", "gs://inputs/b.png", "gs://inputs/a.pdf"];
    const { run, records } = await begin(output, { inputs });
    const snapshot = await run.wait();
    expect(output.text).to.equal("");
    await records.finish(snapshot);
    records[Symbol.dispose]();
    expect(output.lines).to.have.length(3);
    expect(output.text.match(/"page":2/g)).to.have.length(2);
  });

  it("are not waited for by whoever leaves, though their output takes none", async () => {
    const leaving = new AbortController();
    const output = new KeptOutput({ isStuck: true });
    const { run, records } = await begin(output, {}, leaving);
    const snapshot = await run.snapshot();
    const finished = records.finish(snapshot);
    leaving.abort(new Error("left"));
    expect(await rejection(finished)).to.include({ message: "left" });
    records[Symbol.dispose]();
  });
});

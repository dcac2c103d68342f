import { PassThrough } from "node:stream";
import { expect } from "chai";
import type { RecordOutput } from "../../src/cli/record-output.ts";
import type { Progress } from "../../src/cli/render/progress.ts";
import { RunRecords, type RunRecordsOptions } from "../../src/cli/run-records.ts";
import type { Streams } from "../../src/cli/streams.ts";
import {
  createCloudStorageStore,
  StorageError,
  type ObjectStore,
  type RunRequest,
} from "../../src/index.ts";
import { rejection } from "../fixtures/rejection.ts";
import { images, request, RunsFixture } from "../runs/runs-fixture.ts";

const pdf = "%PDF-1.7 two pages";
const pages = [1, 2].map((page) => ({ fullTextAnnotation: { text: `page ${page}` } }));
const progress: Progress = {
  ...{ update() {}, note() {}, pause() {}, resume() {}, stop() {} },
  above: (write) => write(),
};

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

  /** The store, each read of which goes through this. */
  function readVia(
    via: (uri: string, read: () => AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
  ): ObjectStore {
    const base = createCloudStorageStore({ apiEndpoint: fixture.addresses.rest });
    return { ...base, read: (uri, options) => via(uri, () => base.read(uri, options)) };
  }

  async function begin(
    output: RecordOutput,
    more: Partial<RunRequest> = {},
    parts: Partial<RunRecordsOptions> & { readonly store?: ObjectStore } = {},
  ) {
    const { store, ...rest } = parts;
    const runs = await fixture.open(store === undefined ? {} : { store });
    const run = await runs.start(request(20, more));
    const stdout = new PassThrough();
    const streams: Streams = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
    const records = await RunRecords.begin(run, {
      ...{ output, streams, progress, signal: left.signal },
      ...rest,
    });
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

  it("are written above the progress on a screen, before it is over and line by line", async () => {
    const output = new KeptOutput({ isTerminal: true });
    const above: string[] = [];
    const { run, records } = await begin(
      output,
      { inputs: ["gs://inputs/a.pdf", ...images(20)] },
      {
        progress: {
          ...progress,
          above: async (write) => {
            const before = output.text.length;
            await write();
            above.push(output.text.slice(before));
          },
        },
      },
    );
    const snapshot = await run.wait();
    expect(output.lines).to.have.length.above(0);
    await records.finish(snapshot);
    records[Symbol.dispose]();
    expect(output.lines).to.have.length(21);
    expect(above).to.deep.equal(output.lines.map((line) => `${line}\n`));
  });

  it("are of one reading where there are documents, whose pages come together", async () => {
    const output = new KeptOutput();
    const reads: string[] = [];
    const store = readVia(async function* (uri, read) {
      reads.push(uri);
      yield* read();
    });
    const inputs = ["gs://inputs/a.pdf", "gs://inputs/b.png", "gs://inputs/a.pdf"];
    const { run, records } = await begin(output, { inputs, batchSize: 1 }, { store });
    const snapshot = await run.wait();
    expect(output.lines).to.have.length.above(0);
    await records.finish(snapshot);
    records[Symbol.dispose]();
    expect(output.lines).to.have.length(3);
    expect(output.text.match(/"page":1.*"page":2/g)).to.have.length(2);
    expect(reads).to.have.length(5);
    expect(new Set(reads).size).to.equal(5);
  });

  it("have a document as a whole that was read again, because its reading broke off", async () => {
    const output = new KeptOutput();
    const isRead = new Set<string>();
    const store = readVia(async function* (uri, read) {
      const isSecondPage = uri.includes("/000000/") && uri.endsWith("2-to-2.json");
      if (isSecondPage && ![...isRead].some((other) => other.includes("/000001/"))) {
        throw new StorageError("no answer", { reason: "unavailable", uri });
      }
      isRead.add(uri);
      yield* read();
    });
    const inputs = ["gs://inputs/a.pdf", "gs://inputs/a.pdf"];
    const more = { inputs, batchSize: 1, filesPerChunk: 1 };
    const { run, records } = await begin(output, more, { store });
    const snapshot = await run.wait();
    await records.finish(snapshot);
    records[Symbol.dispose]();
    expect(output.lines).to.have.length(2);
    for (const line of output.lines) expect(line).to.match(/"page":1.*"page":2/);
  });

  it("are not waited for by whoever leaves, though their output takes none", async () => {
    const leaving = new AbortController();
    const output = new KeptOutput({ isStuck: true });
    const { run, records } = await begin(output, {}, { signal: leaving.signal });
    const snapshot = await run.snapshot();
    const finished = records.finish(snapshot);
    leaving.abort(new Error("left"));
    expect(await rejection(finished)).to.include({ message: "left" });
    records[Symbol.dispose]();
  });
});

import { expect } from "chai";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidRequestError, RunConflictError } from "../../../src/errors/index.ts";
import type { Journal } from "../../../src/runs/journal/journal.ts";
import { openJournal } from "../../../src/runs/journal/open-journal.ts";
import { decodeInputs } from "../../../src/runs/plan/input-block.ts";
import { planInputs, type PlanRequest } from "../../../src/runs/plan/plan-inputs.ts";

const features = [{ type: "LABEL_DETECTION" }, { type: "TEXT_DETECTION", maxResults: 5 }];
const uris = Array.from({ length: 25 }, (_, index) =>
  index % 6 === 5 ? `gs://bucket/${index}.pdf` : `gs://bucket/${index}.jpg`,
);

describe("planInputs", () => {
  let journal: Journal;

  beforeEach(async () => {
    journal = await openJournal("sqlite::memory:");
  });

  afterEach(() => journal.close());

  const request = (changes: Partial<PlanRequest> = {}): PlanRequest => ({
    ...{ id: "scans", options: { features, output: "gs://out/" }, inputs: uris },
    ...{ imagesPerChunk: 10, filesPerChunk: 3, now: () => 1000 },
    ...changes,
  });

  it("writes all inputs, and lets the run run", async () => {
    const progress: unknown[] = [];
    const onProgress = (each: unknown): void => void progress.push(each);
    const settings = { onUnknownSubmit: "wait" };
    const { run, plan } = await planInputs(
      journal,
      request({ scope: "project", settings, onProgress }),
    );
    expect(plan).to.equal("new");
    expect(run).to.deep.include({
      ...{ id: "scans", scope: "project", state: "running", settings, createdMs: 1000 },
      ...{ inputs: 25, images: 21, files: 4, chunks: 5 },
      options: { features, output: "gs://out/", imagesPerChunk: 10, filesPerChunk: 3 },
    });
    const planned = await readPlan(journal, run.key);
    expect(planned).to.deep.equal(uris.map((uri, index) => [index, uri]));
    expect(progress.at(-1)).to.deep.equal({ inputs: 25, chunks: 5 });
  });

  it("leaves a run as it is that was planned with the same inputs and options", async () => {
    const first = await planInputs(journal, request());
    const options = { output: "gs://out/", features, label: undefined };
    const again = await planInputs(journal, request({ options }));
    expect(again).to.deep.equal({ run: first.run, plan: "same" });
    const { length } = await readPlan(journal, first.run.key);
    expect(length).to.equal(25);
  });

  it("refuses other options under the same id, and tells where they differ", async () => {
    const { run } = await planInputs(journal, request());
    const other = {
      features: [features[0], { type: "TEXT_DETECTION", maxResults: 6 }, {}],
      imageContext: { languageHints: ["de"] },
    };
    const error = await conflict(request({ options: other, imagesPerChunk: 20 }));
    expect(error.differences).to.deep.equal([
      { field: "features[1].maxResults", planned: 5, given: 6 },
      { field: "features[2]", planned: undefined, given: {} },
      { field: "output", planned: "gs://out/", given: undefined },
      { field: "imagesPerChunk", planned: 10, given: 20 },
      { field: "imageContext", planned: undefined, given: other.imageContext },
    ]);
    expect(error.message).to.include('run "scans" was planned otherwise: features[1].maxResults');
    expect(await journal.findRun("scans")).to.deep.equal(run);
  });

  const differences: readonly (readonly [what: string, inputs: unknown[], difference: object])[] = [
    [
      "another input",
      uris.with(7, "gs://bucket/other.jpg"),
      { field: "inputs[7]", planned: uris[7], given: "gs://bucket/other.jpg" },
    ],
    [
      "a custom id",
      uris.with(20, { uri: uris[20]!, customId: "x" } as never),
      { field: "inputs[20]", planned: uris[20], given: [uris[20], "x"] },
    ],
    ["one less", uris.slice(0, 24), { field: "inputs[24]", planned: uris[24], given: undefined }],
    [
      "one more",
      [...uris, "gs://bucket/more.jpg"],
      { field: "inputs[25]", planned: undefined, given: "gs://bucket/more.jpg" },
    ],
    [
      "another type",
      uris.with(2, { uri: uris[2]!, kind: "file", mimeType: "image/tiff" } as never),
      {
        field: "inputs[2]",
        planned: uris[2],
        given: [uris[2], null, "image/tiff"],
      },
    ],
    [
      "the other kind",
      uris.with(5, { uri: uris[5]!, kind: "image" } as never),
      { field: "inputs[5].kind", planned: "file", given: "image" },
    ],
    ["none", [], { field: "inputs[0]", planned: uris[0], given: undefined }],
  ];
  for (const [what, inputs, difference] of differences) {
    it(`refuses other inputs under the same id, and tells the first that differs: ${what}`, async () => {
      const { run } = await planInputs(journal, request());
      const error = await conflict(request({ inputs: inputs as string[] }));
      expect(error.differences).to.deep.equal([difference]);
      expect(await journal.findRun("scans")).to.deep.equal(run);
    });
  }

  it("continues a plan that was interrupted, and refuses to continue another", async () => {
    const many = Array.from(
      { length: 90_000 },
      (_, index) => `gs://bucket/a/folder/with/a/longer/name/${index}.jpg`,
    );
    const abort = new AbortController();
    function* inputs() {
      yield* many.slice(0, 80_000);
      abort.abort(new Error("stopped"));
      yield* many.slice(80_000);
    }
    const interrupted = { imagesPerChunk: 2000, inputs: inputs(), signal: abort.signal };
    expect(await fails(planInputs(journal, request(interrupted)))).to.have.property(
      "message",
      "stopped",
    );
    const found = (await journal.findRun("scans"))!;
    expect(found.state).to.equal("planning");
    expect(found.chunks).to.be.within(1, 40);
    const other = many.with(3, "gs://bucket/x.jpg");
    const error = await conflict(request({ imagesPerChunk: 2000, inputs: other }));
    expect(error.differences[0]?.field).to.equal("inputs[3]");
    const fewer = { imagesPerChunk: 2000, inputs: many.slice(0, 2000) };
    expect((await conflict(request(fewer))).differences[0]?.field).to.equal("inputs[2000]");
    const { run, plan } = await planInputs(
      journal,
      request({ imagesPerChunk: 2000, inputs: many }),
    );
    expect(plan).to.equal("continued");
    expect(run).to.include({ state: "running", inputs: 90_000, chunks: 45 });
    const planned = await readPlan(journal, run.key);
    expect(planned).to.deep.equal(many.map((uri, index) => [index, uri]));
    const whole = await planInputs(
      journal,
      request({ id: "b", imagesPerChunk: 2000, inputs: many }),
    );
    expect(whole.run.digest).to.equal(run.digest);
  });

  it("removes a run whose inputs cannot be sent", async () => {
    const inputs = [...uris, "http://example.com/a.jpg"];
    const error = await fails(planInputs(journal, request({ inputs })));
    expect(error).to.be.instanceOf(InvalidRequestError);
    expect((error as Error).message).to.match(/^run "scans" was not sent: inputs\[25\]: /);
    expect(await journal.listRuns({ limit: 10 })).to.be.empty;
  });

  it("plans a run without inputs", async () => {
    const { run } = await planInputs(journal, request({ inputs: [] }));
    expect(run).to.include({ state: "running", inputs: 0, chunks: 0 });
  });

  it("stops when the run is removed or cancelled meanwhile", async () => {
    for (const what of ["removed", "cancelled"] as const) {
      const id = what;
      async function* inputs() {
        yield* uris;
        const { key } = (await journal.findRun(id))!;
        await (what === "removed" ? journal.removeRun(key) : journal.cancelRun(key, 1));
      }
      const error = await fails(planInputs(journal, request({ id, inputs: inputs() })));
      expect(error).to.have.property("message").that.includes(`run "${id}" was ${what}`);
    }
  });

  it("plans once what two processes plan at the same time", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vision-batch-plan-"));
    try {
      const url = `sqlite:${join(folder, "runs.db")}`;
      await using first = await openJournal(url);
      await using second = await openJournal(url);
      const many = Array.from({ length: 200_000 }, (_, index) => `gs://bucket/${index}.jpg`);
      const each = request({ imagesPerChunk: 2000, inputs: many });
      const planned = await Promise.all([planInputs(first, each), planInputs(second, each)]);
      expect(planned.map(({ run }) => run.digest)).to.deep.equal([
        planned[0].run.digest,
        planned[0].run.digest,
      ]);
      expect(await first.findRun("scans")).to.include({ state: "running", inputs: 200_000 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  async function conflict(other: PlanRequest): Promise<RunConflictError> {
    const error = await fails(planInputs(journal, other));
    expect(error).to.be.instanceOf(RunConflictError);
    return error as RunConflictError;
  }
});

async function readPlan(journal: Journal, run: number): Promise<(readonly [number, string])[]> {
  const chunks = await journal.listChunks({ run, limit: 1000 });
  const inputs = [];
  for (const { chunk } of chunks) {
    const block = (await journal.readBlock(chunk))!;
    inputs.push(...decodeInputs(chunk.kind, block));
  }
  return inputs.sort((a, b) => a.index - b.index).map(({ index, uri }) => [index, uri] as const);
}

async function fails(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

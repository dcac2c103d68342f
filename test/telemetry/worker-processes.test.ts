import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { RunningCli } from "../cli/spawn-cli.ts";
import { request } from "../runs/runs-fixture.ts";
import { until, WorkersFixture } from "../workers/workers-fixture.ts";
import type { WrittenSpan } from "./children/write-spans.ts";

const setUp = pathToFileURL(join(import.meta.dirname, "children/write-spans.ts")).href;

describe("vision-batch worker --opentelemetry", function () {
  this.timeout(60_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  const file = (): string => join(fixture.runs.folder, "spans.ndjson");

  function startWorker(): Promise<RunningCli> {
    const options = `${process.env["NODE_OPTIONS"] ?? ""} --import=${setUp}`;
    const env = { NODE_OPTIONS: options, SPANS_FILE: file() };
    return fixture.workerProcess(["--opentelemetry", "--lease", "2"], env);
  }

  async function written(): Promise<readonly WrittenSpan[]> {
    const text = await readFile(file(), "utf8");
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as WrittenSpan);
  }

  it("links what a process that was killed has submitted to what another one sees of it", async () => {
    fixture.admin.holdOperations(true);
    const killed = await startWorker();
    const run = await (await fixture.service()).start(request(20));
    await until(async () => (await run.snapshot()).chunks.running === 2);
    killed.child.kill("SIGKILL");
    const other = await startWorker();
    fixture.admin.holdOperations(false);
    while (fixture.admin.releaseOperation());
    await run.wait();
    await until(
      async () => (await written()).filter(({ pid }) => pid === other.child.pid).length >= 6,
    );
    const spans = await written();
    const submits = spans.filter(({ pid }) => pid === killed.child.pid);
    expect(submits.map(({ name }) => name.split("/")[1])).to.deep.equal(
      Array(2).fill("AsyncBatchAnnotateImages"),
    );
    for (const { spanId, chunk } of submits) {
      const linked = spans.filter(({ links }) => links.includes(spanId));
      expect(linked.map(({ name }) => name).sort()).to.deep.equal([
        ...["vision_batch.collect", "vision_batch.deliver", "vision_batch.wait"],
      ]);
      expect(linked.map((span) => span.chunk)).to.deep.equal(Array(3).fill(chunk));
      expect(linked.map(({ pid }) => pid)).to.deep.equal(Array(3).fill(other.child.pid));
    }
  });
});

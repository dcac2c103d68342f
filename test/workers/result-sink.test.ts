import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";
import { VisionBatchClient } from "../../src/index.ts";
import type { ObjectStore } from "../../src/storage/index.ts";
import { recordsUri, type ResultSink } from "../../src/workers/index.ts";
import { runSql } from "../fixtures/postgres-server.ts";
import { request } from "../runs/runs-fixture.ts";
import { insertRecords, recordTable, writeRecords } from "./record-sinks.ts";
import { until, WorkersFixture } from "./workers-fixture.ts";

describe("results of workers", function () {
  this.timeout(25_000);
  let fixture: WorkersFixture;

  beforeEach(async () => {
    fixture = await WorkersFixture.start();
  });

  afterEach(() => fixture.close());

  const place = { run: "scans", output: "gs://out/results/" } as const;

  it("are an object of NDJSON for each chunk, from whatever worker", async () => {
    await fixture.worker();
    await fixture.worker();
    const service = await fixture.service();
    await (await service.start(request(40))).wait();
    const { test } = fixture.runs;
    const folder = `${place.output}scans/records/`;
    await until(async () => (await test.list(folder)).length === 4);
    const lines: { index: number; customId: string; status: string }[] = [];
    for (const name of await test.list(folder)) {
      const text = await test.text(`${folder}${name}`);
      lines.push(
        ...text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as never),
      );
    }
    expect(lines.map(({ index }) => index)).to.deep.equal([...Array(40).keys()]);
    expect(lines[7]).to.include({ customId: "image 7", uri: "gs://inputs/7.png" });
    expect(lines.every(({ status }) => status === "succeeded")).to.equal(true);
    const first = recordsUri({ ...place, number: 0, kind: "image" });
    expect(first).to.equal(`${folder}000000.ndjson`);
  });

  it("are read once, by whoever collects them", async () => {
    const reads = new Map<string, number>();
    await using client = new VisionBatchClient({ emulator: fixture.runs.addresses });
    const store = countReads(client.backend({}).store, reads);
    await fixture.worker({ store });
    await fixture.worker({ store });
    const service = await fixture.service();
    await (await service.start(request(60))).wait();
    const { test } = fixture.runs;
    expect(await test.list(`${place.output}scans/records/`)).to.have.length(6);
    expect([...reads.keys()]).to.have.length.at.least(6);
    expect(new Set(reads.values())).to.deep.equal(new Set([1]));
    const left = await runSql(
      fixture.url,
      "select 1 from vision_batch.chunk where undelivered_ms > 0",
    );
    expect(left).to.be.empty;
  });

  it("are waited for until they are whole, and those that stay missing are among them", async () => {
    const calls: string[][] = [];
    const onResults: ResultSink = async (_, records) => {
      const statuses: string[] = [];
      calls.push(statuses);
      for await (const { status } of records) statuses.push(status);
      statuses.push("end");
    };
    fixture.admin.setFaults([
      { method: "AsyncBatchAnnotateImages", when: "output", shard: "missing", nth: 1 },
    ]);
    await fixture.worker({ onResults });
    const service = await fixture.service();
    const over = await (await service.start(request(10, { batchSize: 5, graceMs: 2500 }))).wait();
    expect(over.inputs).to.include({ succeeded: 5, missing: 5 });
    await until(() => calls[0]?.at(-1) === "end");
    expect(calls).to.deep.equal([
      [...Array<string>(5).fill("succeeded"), ...Array<string>(5).fill("missing"), "end"],
    ]);
  });

  it("are told again where the sink throws, and of what was never sent as well", async () => {
    const told: string[] = [];
    const onResults: ResultSink = async ({ number }, records) => {
      const statuses: string[] = [];
      for await (const { status } of records) statuses.push(status);
      told.push(`${number} ${[...new Set(statuses)].join()} ${statuses.length}`);
      if (told.length === 1) throw new Error("out of order");
    };
    const status = { code: "INVALID_ARGUMENT", message: "not this one" } as const;
    fixture.admin.setFaults([{ method: "AsyncBatchAnnotateImages", nth: 1, status }]);
    await fixture.worker({ onResults });
    const service = await fixture.service();
    const over = await (await service.start(request(20))).wait();
    expect(over.inputs).to.include({ succeeded: 10, notSubmitted: 10 });
    await until(() => told.length === 3);
    expect(new Set(told.map((each) => each.replace(/^\d /, "")))).to.deep.equal(
      new Set(["succeeded 10", "notSubmitted 10"]),
    );
  });

  it("have their effect once where they are written in the transaction", async () => {
    await runSql(fixture.url, recordTable);
    let calls = 0;
    const onResults: ResultSink = async (...given) => {
      const call = ++calls;
      await insertRecords(...given);
      if (call <= 2) throw new Error("after all was written");
    };
    const options = { onResults, resultsInTransaction: true };
    await fixture.worker(options);
    await fixture.worker(options);
    const service = await fixture.service();
    await (await service.start(request(40))).wait();
    await until(async () => {
      const [row] = await runSql(fixture.url, "select count(*)::int as rows from record");
      return row?.["rows"] === 40;
    });
    await until(() => calls === 6);
    const rows = await runSql(fixture.url, "select index from record order by index");
    expect(rows.map(({ index }) => index)).to.deep.equal([...Array(40).keys()]);
  });

  /** Runs a worker to its death in a process of its own, and the rest in another worker. */
  async function workOnAfterDeath(kind: "rows" | "objects"): Promise<void> {
    const { grpc, rest } = fixture.runs.addresses;
    const script = join(import.meta.dirname, "killed-worker.ts");
    const args = [script, fixture.url, grpc, rest, kind];
    const killed = spawn(process.execPath, args, { stdio: "inherit" });
    const service = await fixture.service();
    const run = await service.start(request(30));
    const [, signal] = (await once(killed, "close")) as [number | null, string | null];
    expect(signal).to.equal("SIGKILL");
    expect((await run.snapshot()).chunks.done).to.equal(0);
    const onResults = kind === "rows" ? insertRecords : writeRecords;
    await fixture.worker({ onResults, resultsInTransaction: kind === "rows" });
    expect((await run.wait()).inputs.succeeded).to.equal(30);
  }

  it("are in the database once, though a worker is killed between them and the end of their chunk", async () => {
    await runSql(fixture.url, recordTable);
    await workOnAfterDeath("rows");
    const rows = await runSql(fixture.url, "select index from record order by index");
    expect(rows.map(({ index }) => index)).to.deep.equal([...Array(30).keys()]);
  });

  it("are in their objects once, though a worker is killed between them and the end of their chunk", async () => {
    await workOnAfterDeath("objects");
    const folder = `${place.output}scans/records/`;
    const { test } = fixture.runs;
    const texts = await Promise.all(
      (await test.list(folder)).map((name) => test.text(`${folder}${name}`)),
    );
    const records = texts.join("").trimEnd().split("\n");
    const indexes = records.map((line) => (JSON.parse(line) as { readonly index: number }).index);
    expect(indexes).to.deep.equal([...Array(30).keys()]);
  });
});

/** A store that counts how often each object is read. */
function countReads(store: ObjectStore, reads: Map<string, number>): ObjectStore {
  return {
    list: (...args) => store.list(...args),
    stat: (...args) => store.stat(...args),
    read: (uri, options) => {
      reads.set(uri, (reads.get(uri) ?? 0) + 1);
      return store.read(uri, options);
    },
    write: (...args) => store.write(...args),
    delete: (...args) => store.delete(...args),
  };
}

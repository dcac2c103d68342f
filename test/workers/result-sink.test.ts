import { expect } from "chai";
import { recordsUri, type ResultSink } from "../../src/workers/index.ts";
import { runSql } from "../fixtures/postgres-server.ts";
import { request } from "../runs/runs-fixture.ts";
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
    const first = recordsUri({
      ...place,
      number: 0,
      kind: "image",
      state: "done",
      counts: {} as never,
    });
    expect(first).to.equal(`${folder}000000.ndjson`);
  });

  it("are told again where the sink throws, and of what was never sent as well", async () => {
    const told: string[] = [];
    const onResults: ResultSink = async ({ number, state }, records) => {
      let count = 0;
      for await (const { status } of records) count += status === "notSubmitted" ? 100 : 1;
      told.push(`${number} ${state} ${count}`);
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
      new Set(["done 10", "failed 1000"]),
    );
  });

  it("have their effect once where they are written in the transaction", async () => {
    await runSql(fixture.url, "create table record (chunk int, index int)");
    let calls = 0;
    const onResults: ResultSink = async ({ number }, records, { transaction }) => {
      const call = ++calls;
      for await (const { index } of records) {
        await transaction?.query("insert into record values ($1, $2)", [number, index]);
      }
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
});

import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect } from "chai";
import { createBigQueryExporter } from "../../../src/results/export/bigquery.ts";
import { createCsvExporter } from "../../../src/results/export/csv.ts";
import type { Exporter } from "../../../src/results/export/exporter.ts";
import { createNdjsonExporter } from "../../../src/results/export/ndjson.ts";
import { createParquetExporter } from "../../../src/results/export/parquet.ts";
import type { ResultRecord } from "../../../src/results/index.ts";

const mebibyte = 1024 * 1024;
const textBytes = 50_000;
const [from, to] = [2000, 5000];

/** What is alive now, buffers included. */
async function liveBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  // Large texts lie outside the heap, and are counted until a turn has released what was collected.
  await setImmediate();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How much more is alive when an exporter asks for the last record than when it was at the 2,000th. */
async function growthOf(exporter: Exporter): Promise<number> {
  const live: number[] = [];
  async function* records(): AsyncGenerator<ResultRecord> {
    for (let index = 0; index <= to; index++) {
      if (index === from || index === to) live.push(await liveBytes());
      // A text of its own for each, that is in memory as a whole.
      const text = Buffer.alloc(textBytes, `${index} lorem ipsum `).toString("latin1");
      const response = { fullTextAnnotation: { text } };
      yield await Promise.resolve({
        status: "succeeded",
        index,
        uri: `gs://in/${index}`,
        response,
      });
    }
  }
  let written = 0;
  for await (const part of exporter.export(records())) written += part.length;
  expect(written).to.be.greaterThan(0);
  const [before = NaN, after = NaN] = live;
  return after - before;
}

const exporters: Readonly<Record<string, () => Exporter>> = {
  NDJSON: createNdjsonExporter,
  CSV: createCsvExporter,
  BigQuery: createBigQueryExporter,
  "Parquet of annotations": createParquetExporter,
  "Parquet of records": () => createParquetExporter({ rows: "records" }),
};

describe("memory of exports", function () {
  this.timeout(60_000);
  // A row group of Parquet may be full at one time and empty at the other.
  const most = 48 * mebibyte;

  // What other tests left behind goes now, and not while something is measured.
  before(liveBytes);

  for (const [name, create] of Object.entries(exporters)) {
    it(`does not grow with the records: ${name}`, async () => {
      expect(await growthOf(create())).to.be.lessThan(most);
    });
  }

  it("is held to a check that sees what is kept", async () => {
    const kept: unknown[] = [];
    const keeping: Exporter = {
      ...createNdjsonExporter(),
      async *export(records) {
        for await (const record of records) {
          kept.push(record);
          yield ".";
        }
      },
    };
    expect(await growthOf(keeping)).to.be.greaterThan(most);
    expect(kept).to.have.length(to + 1);
  });
});

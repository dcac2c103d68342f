import { expect } from "chai";
import { bigQuerySchema, createBigQueryExporter } from "../../../src/results/export/bigquery.ts";
import { corpus, readCorpus } from "../document/corpus.ts";
import { breachesOf } from "./bigquery-conformance.ts";
import { exported } from "./export-records.ts";

if (corpus !== undefined) testCorpus(corpus);

function testCorpus(folder: string): void {
  describe("BigQuery rows of real results", () => {
    it("conform to the schema", async () => {
      const records = await readCorpus(folder);
      const schema = await bigQuerySchema();
      expect(records.length).to.be.greaterThan(20);
      for (const { name, record } of records) {
        const row = JSON.parse(
          (await exported(createBigQueryExporter(), record)).toString(),
        ) as object;
        expect(breachesOf(row, schema), name).to.deep.equal([]);
      }
    });
  });
}

import { expect } from "chai";
import { VisionBatchError } from "../../../src/errors/index.ts";
import { createBigQueryExporter } from "../../../src/results/export/bigquery.ts";
import { createCsvExporter } from "../../../src/results/export/csv.ts";
import { createNdjsonExporter } from "../../../src/results/export/ndjson.ts";
import { createParquetExporter } from "../../../src/results/export/parquet.ts";
import type { ResultRecord } from "../../../src/results/index.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { exported } from "./export-records.ts";

/** A record with an unknown member of lists in each other. */
function nested(depth: number): ResultRecord {
  let newMember: unknown[] = [];
  for (let level = 1; level < depth; level++) newMember = [newMember];
  const response = { labelAnnotations: [{ description: "a", newMember }] };
  return { status: "succeeded", index: 7, uri: "gs://in/deep.png", response };
}

const exporters = {
  NDJSON: createNdjsonExporter(),
  CSV: createCsvExporter(),
  BigQuery: createBigQueryExporter(),
  "Parquet of annotations": createParquetExporter(),
  "Parquet of records": createParquetExporter({ rows: "records" }),
};

describe("JSON in exports", () => {
  for (const [name, exporter] of Object.entries(exporters)) {
    it(`holds what is nested deeply, and says which record is nested too deeply: ${name}`, async () => {
      expect(await exported(exporter, nested(1000))).to.have.length.above(100);
      const error = await rejection(exported(exporter, nested(100_000)));
      expect(error).to.be.instanceOf(VisionBatchError);
      expect((error as Error).message).to.match(/^record 7 \(gs:\/\/in\/deep\.png\).*maxDepth/);
    });
  }
});

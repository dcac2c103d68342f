import { expect } from "chai";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import {
  createParquetExporter,
  type ParquetExportOptions,
} from "../../../src/results/export/parquet.ts";
import type { ResultRecord } from "../../../src/results/index.ts";
import {
  everything,
  exported,
  recordsOfEveryStatus,
  streamOf,
  succeeded,
} from "./export-records.ts";

async function read(options: ParquetExportOptions, ...records: readonly ResultRecord[]) {
  const bytes = await exported(createParquetExporter(options), ...records);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
  const rows = (await parquetReadObjects({ file })) as Record<string, unknown>[];
  return { rows, metadata: parquetMetadata(file) };
}

describe("createParquetExporter", () => {
  it("writes one row per annotation in typed columns", async () => {
    const { rows, metadata } = await read({}, await succeeded(everything, { page: 7 }));
    expect(
      metadata.schema
        .slice(1)
        .map(({ name, type, converted_type, repetition_type }) =>
          [name, converted_type ?? type, repetition_type].join(" "),
        ),
    ).to.deep.equal([
      "index INT32 REQUIRED",
      "uri UTF8 REQUIRED",
      "page INT32 OPTIONAL",
      "status UTF8 REQUIRED",
      "kind UTF8 REQUIRED",
      "id UTF8 OPTIONAL",
      "description UTF8 OPTIONAL",
      "locale UTF8 OPTIONAL",
      "score DOUBLE OPTIONAL",
      "confidence DOUBLE OPTIONAL",
      "x DOUBLE OPTIONAL",
      "y DOUBLE OPTIONAL",
      "width DOUBLE OPTIONAL",
      "height DOUBLE OPTIONAL",
      "polygon JSON OPTIONAL",
      "details JSON OPTIONAL",
    ]);
    expect(rows).to.have.length(16);
    const [label] = rows;
    expect(label).to.deep.include({ index: 0, page: 7, kind: "label", score: 0.875 });
    expect(label?.["x"] ?? undefined).to.equal(undefined);
    expect(label).to.deep.include({ details: { topicality: 0.5, newMember: { deep: [1] } } });
    expect(rows.at(-1)).to.deep.include({
      ...{ kind: "word", description: "A", x: 60, y: 20, width: 10, height: 10 },
      polygon: [
        ...[
          [0.3, 0.2],
          [0.35, 0.2],
        ],
        ...[
          [0.35, 0.3],
          [0.3, 0.3],
        ],
      ],
    });
  });

  it("writes one row per record, with its text and its whole response, when told to", async () => {
    const { rows } = await read({ rows: "records" }, ...(await recordsOfEveryStatus()));
    expect(rows).to.have.length(5);
    expect(rows[0]).to.deep.include({ text: '"hi", A', response: everything });
    expect(rows[2]).to.deep.include({ index: 2, status: "failed" });
    expect(rows[2]?.["error"]).to.deep.include({ code: "PERMISSION_DENIED", message: "no" });
    expect(rows[3]?.["error"]).to.deep.include({ name: "VisionBatchError" });
  });

  it("hands over each row group once it has its rows or its characters", async () => {
    const record = await succeeded({
      labelAnnotations: [{ description: "a" }, { description: "b" }],
    });
    const few = await read({ rowGroupRows: 3 }, record, record, record, record);
    expect(few.metadata.row_groups.map(({ num_rows }) => Number(num_rows))).to.deep.equal([
      3, 3, 2,
    ]);
    expect(few.rows.map(({ description }) => description).join("")).to.equal("abababab");
    const small = await read({ rowGroupCharacters: 1 }, record, record);
    expect(small.metadata.row_groups).to.have.length(4);

    const parts: number[] = [];
    let given = 0;
    async function* records() {
      for await (const each of streamOf(record, record, record)) {
        given++;
        yield each;
      }
    }
    for await (const part of createParquetExporter({ rowGroupRows: 2 }).export(records())) {
      expect(part.length).to.be.greaterThan(0);
      parts.push(given);
    }
    expect(parts).to.deep.equal([1, 2, 3, 3]);
  });

  it("reads back what is not Latin, and floats that are no number", async () => {
    const record = await succeeded({
      labelAnnotations: [{ description: "བོད་ \u{20b9f} سلام", score: "NaN" }],
    });
    const { rows } = await read({}, record);
    expect(rows[0]).to.deep.include({ description: "བོད་ \u{20b9f} سلام", score: NaN });
  });

  it("is a file with columns and no rows for no records", async () => {
    const { rows, metadata } = await read({});
    expect(rows).to.deep.equal([]);
    expect(metadata.schema).to.have.length(17);
  });
});

import { expect } from "chai";
import { Readable } from "node:stream";
import { readNdjson, type NamedRecord } from "../../src/report/index.ts";
import { createNdjsonExporter } from "../../src/results/export/index.ts";
import { everything, exported, succeeded } from "../results/export/export-records.ts";
import { rejection } from "./rejection.ts";

async function read(...lines: readonly string[]): Promise<NamedRecord[]> {
  const records: NamedRecord[] = [];
  for await (const record of readNdjson(Readable.from(lines), { name: "a.ndjson" })) {
    records.push(record);
  }
  return records;
}

describe("readNdjson", () => {
  it("reads what the exporter writes", async () => {
    const record = await succeeded(everything);
    const text = String(await exported(createNdjsonExporter(), record));
    const [again] = await read(...text.split("\n"));
    expect(JSON.parse(JSON.stringify(again))).to.deep.equal(JSON.parse(JSON.stringify(record)));
  });

  it("reads the pages of a document, and what the user called it", async () => {
    const error = { code: "INTERNAL", message: "no" };
    const pages = [
      { page: 1, status: "succeeded", response: { fullTextAnnotation: { text: "a" } } },
      { page: 2, status: "failed", error },
    ];
    const line = { index: 4, uri: "gs://in/a.pdf", input: "a.pdf", pages, status: "partial" };
    const records = await read(JSON.stringify(line));
    expect(records).to.deep.equal([
      {
        ...{ index: 4, uri: "gs://in/a.pdf", input: "a.pdf", page: 1, status: "succeeded" },
        response: { fullTextAnnotation: { text: "a" } },
      },
      {
        ...{ index: 4, uri: "gs://in/a.pdf", input: "a.pdf", page: 2, status: "failed" },
        error: { ...error, details: [] },
      },
    ]);
  });

  it("keeps what the caller of a run named an input", async () => {
    const line = { index: 0, uri: "gs://in/a.jpg", customId: "order 7", status: "missing" };
    expect(await read(JSON.stringify(line))).to.deep.equal([line]);
  });

  it("names the line that is no record", async () => {
    const good = '{"index":0,"uri":"gs://in/a.jpg","status":"missing"}';
    const bad = [
      "{",
      "[]",
      "{}",
      '{"index":0,"uri":"gs://in/a.jpg","status":"fine"}',
      '{"index":0,"uri":"gs://in/a.jpg","status":"succeeded","response":{"faceAnnotations":"x"}}',
    ];
    for (const line of bad) {
      const error = await rejection(read(good, "", line));
      expect(error.message).to.match(/^a\.ndjson, line 3: ./);
    }
  });
});

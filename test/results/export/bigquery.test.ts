import { expect } from "chai";
import { apiVersions } from "../../../src/protocol/api-version.ts";
import {
  bigQuerySchema,
  createBigQueryExporter,
  type BigQueryField,
} from "../../../src/results/export/bigquery.ts";
import type { ResultRecord } from "../../../src/results/index.ts";
import { breachesOf, schemaBreaches } from "./bigquery-conformance.ts";
import { everything, exported, recordsOfEveryStatus, succeeded } from "./export-records.ts";

interface Row {
  readonly response?: Record<string, unknown>;
  readonly unknown?: readonly { readonly path: string; readonly value: unknown }[];
}

async function rowsOf(...records: readonly ResultRecord[]): Promise<readonly Row[]> {
  const text = (await exported(createBigQueryExporter(), ...records)).toString();
  const lines = text.split("\n");
  expect(lines.pop()).to.equal("");
  return lines.map((line) => JSON.parse(line) as Row);
}

function fieldAt(schema: readonly BigQueryField[], path: string): BigQueryField | undefined {
  const [name, ...rest] = path.split(".");
  const field = schema.find((each) => each.name === name);
  return rest.length === 0 ? field : fieldAt(field?.fields ?? [], rest.join("."));
}

describe("bigQuerySchema", () => {
  for (const version of apiVersions) {
    it(`keeps to the rules of BigQuery for ${version}`, async () => {
      const schema = await bigQuerySchema(version);
      expect(schemaBreaches(schema)).to.deep.equal([]);
      const symbols = "response.full_text_annotation.pages.blocks.paragraphs.words.symbols";
      expect(fieldAt(schema, symbols)).to.include({ type: "RECORD", mode: "REPEATED" });
    });
  }

  it("has the types that the descriptors tell", async () => {
    const schema = await bigQuerySchema();
    const typeOf = (path: string) => {
      const field = fieldAt(schema, path);
      return `${field?.type} ${field?.mode}`;
    };
    expect(typeOf("index")).to.equal("INTEGER REQUIRED");
    expect(typeOf("response")).to.equal("RECORD NULLABLE");
    expect(typeOf("response.error.details")).to.equal("JSON REPEATED");
    expect(typeOf("response.label_annotations.score")).to.equal("FLOAT NULLABLE");
    expect(typeOf("response.label_annotations.bounding_poly.vertices.x")).to.equal(
      "INTEGER NULLABLE",
    );
    expect(typeOf("response.safe_search_annotation.adult")).to.equal("STRING NULLABLE");
    expect(typeOf("response.product_search_results.index_time")).to.equal("TIMESTAMP NULLABLE");
    const color = "response.image_properties_annotation.dominant_colors.colors.color";
    expect(typeOf(`${color}.alpha`)).to.equal("FLOAT NULLABLE");
    const latLng = "response.landmark_annotations.locations.lat_lng.latitude";
    expect(typeOf(latLng)).to.equal("FLOAT NULLABLE");
    expect(typeOf("response.label_annotations.properties.uint64_value")).to.equal(
      "NUMERIC NULLABLE",
    );
  });
});

describe("createBigQueryExporter", () => {
  it("writes rows that conform to the schema, of every status", async () => {
    const schema = await bigQuerySchema();
    const rows = await rowsOf(...(await recordsOfEveryStatus()));
    expect(rows).to.have.length(5);
    expect(rows.flatMap((row) => breachesOf(row, schema))).to.deep.equal([]);
  });

  it("is held to a check that sees rows which do not conform", async () => {
    const schema = await bigQuerySchema();
    const place = { index: 0, uri: "u", status: "succeeded" };
    const breach = (row: object) => breachesOf({ ...place, ...row }, schema).join();
    expect(breach({ index: "x" })).to.equal('row.index: "x" is no INTEGER');
    expect(breach({ uri: undefined })).to.equal("row.uri: required");
    expect(breach({ response: { labelAnnotations: [] } })).to.match(/labelAnnotations: no column/);
    expect(breach({ response: { label_annotations: {} } })).to.match(/no array/);
    expect(breach({ response: { label_annotations: [null] } })).to.match(/null in an array/);
    expect(breach({ response: { text_annotations: [{ description: "\ud800" }] } })).to.match(
      /STRING/,
    );
    const indexTime = { product_search_results: { index_time: "2026-01-02T03:04:05.123456789Z" } };
    expect(breach({ response: indexTime })).to.match(/TIMESTAMP/);
  });

  it("has the values of the response under the names of the protos", async () => {
    const [row] = await rowsOf(await succeeded(everything));
    const response = row?.response as Record<string, Record<string, unknown>[]>;
    expect(response["label_annotations"]?.[0]).to.deep.equal({
      ...{ mid: "/m/3", description: "=SUM(A1)", score: 0.875, topicality: 0.5 },
    });
    expect(response["safe_search_annotation"]).to.deep.equal({
      ...{ adult: "VERY_UNLIKELY", racy: "NOT_YET_NAMED" },
    });
    expect(response["localized_object_annotations"]?.[0]?.["bounding_poly"]).to.have.property(
      "normalized_vertices",
    );
  });

  it("keeps what has no column with its path, and times that tell more than microseconds", async () => {
    const [row] = await rowsOf(await succeeded(everything));
    expect(row?.unknown).to.have.deep.members([
      { path: "response.label_annotations[0].newMember", value: { deep: [1] } },
      {
        path: "response.product_search_results.index_time",
        value: "2026-01-02T03:04:05.123456789Z",
      },
    ]);
    expect(row?.response?.["product_search_results"]).to.include({
      index_time: "2026-01-02T03:04:05.123456Z",
    });
    const odd = JSON.parse('{"odd name": 1, "__proto__": {"a": 1}}') as object;
    const [other] = await rowsOf(await succeeded(odd));
    expect(other).to.deep.include({
      unknown: [
        { path: 'response["odd name"]', value: 1 },
        { path: "response.__proto__", value: { a: 1 } },
      ],
    });
  });

  it("writes 64-bit integers as strings, floats that are no number by name, enum numbers as text", async () => {
    const big = "18446744073709551615";
    const [row] = await rowsOf(
      await succeeded({
        labelAnnotations: [{ score: "-Infinity", properties: [{ uint64Value: big }] }],
        faceAnnotations: [{ joyLikelihood: 99 }],
        textAnnotations: [{ description: "a\ud800b" }],
        "new\udc00": ["\ud800", "\\ud800", "\\\ud800", "\u{1f600}"],
      }),
    );
    expect(row?.unknown).to.deep.equal([
      {
        path: 'response["new\\udc00"]',
        value: ["\ufffd", "\\ud800", "\\\ufffd", "\u{1f600}"],
      },
    ]);
    expect(row?.response).to.deep.equal({
      label_annotations: [{ score: "-Infinity", properties: [{ uint64_value: big }] }],
      face_annotations: [{ joy_likelihood: "99" }],
      text_annotations: [{ description: "a\ufffdb" }],
    });
    expect(breachesOf(row, await bigQuerySchema())).to.deep.equal([]);
  });
});

import { expect } from "chai";
import { parse } from "csv-parse/sync";
import { createCsvExporter, type CsvExportOptions } from "../../../src/results/export/csv.ts";
import { everything, exported, recordsOfEveryStatus, succeeded } from "./export-records.ts";

type Row = Record<string, string>;

async function rowsOf(options: CsvExportOptions, ...records: Parameters<typeof exported>[1][]) {
  const text = (await exported(createCsvExporter(options), ...records)).toString();
  return { text, rows: parse<Row>(text, { columns: true, bom: true }) };
}

const normalized = (text: string | undefined) => JSON.parse(text ?? "") as number[][];

describe("createCsvExporter", () => {
  it("writes a row of its kind for every annotation", async () => {
    const { rows } = await rowsOf({}, await succeeded(everything));
    expect(rows.map(({ kind, description }) => [kind, description])).to.deep.equal([
      ["label", "=SUM(A1)"],
      ["landmark", "Tower"],
      ["logo", "Brand"],
      ["object", "Cat"],
      ["web_entity", "Street\nsign"],
      ["web_label", "sign"],
      ["web_page", "https://example.com/p"],
      ["web_image", "https://example.com/i.jpg"],
      ["safe_search", "VERY_UNLIKELY"],
      ["safe_search", "NOT_YET_NAMED"],
      ["color", "#ff0010"],
      ["face", ""],
      ["crop_hint", ""],
      ["product", "Shoe"],
      ["word", '"hi",'],
      ["word", "A"],
    ]);
    expect(rows[0]).to.include({ index: "0", uri: "gs://in/a.jpg", page: "", status: "succeeded" });
    expect(rows[0]).to.include({ id: "/m/3", score: "0.875" });
    expect(rows.at(-1)).to.include({ locale: "en", confidence: "0.75" });
  });

  it("tells boxes in pixels and as fractions, whichever of them came", async () => {
    const { rows } = await rowsOf({}, await succeeded(everything));
    const object = rows.find(({ kind }) => kind === "object");
    expect(object).to.include({ x: "50", y: "0", width: "50", height: "50" });
    expect(normalized(object?.["polygon"])).to.deep.equal([
      ...[
        [0.25, 0],
        [0.5, 0],
      ],
      ...[
        [0.5, 0.5],
        [0.25, 0.5],
      ],
    ]);
    const word = rows.at(-1);
    expect(word).to.include({ x: "60", y: "20", width: "10", height: "10" });
    expect(normalized(word?.["polygon"])[0]).to.deep.equal([0.3, 0.2]);
  });

  it("asks for the size that no text tells, and leaves empty what cannot be told", async () => {
    const { localizedObjectAnnotations } = everything;
    const record = await succeeded({ localizedObjectAnnotations }, { page: 3 });
    const [unsized] = (await rowsOf({}, record)).rows;
    expect(unsized).to.include({ x: "", width: "" });
    expect(normalized(unsized?.["polygon"])).to.have.length(4);
    const asked: unknown[] = [];
    const sizeOf = (...place: unknown[]) => {
      asked.push(place);
      return Promise.resolve({ width: 1000, height: 10 });
    };
    const [sized] = (await rowsOf({ sizeOf }, record)).rows;
    expect(sized).to.include({ x: "250", y: "0", width: "250", height: "5" });
    expect(asked).to.deep.equal([["gs://in/a.jpg", 3]]);
  });

  it("has a row for each of very many annotations", async () => {
    const labelAnnotations = Array.from({ length: 150_000 }, () => ({ description: "a" }));
    const response = { labelAnnotations };
    const record = { status: "succeeded", index: 0, uri: "gs://in/a.jpg", response } as const;
    const text = (await exported(createCsvExporter(), record)).toString();
    expect(text.split("\r\n")).to.have.length(150_002);
  });

  it("has no box of what is no place", async () => {
    const [far] = (
      await rowsOf(
        {},
        await succeeded({
          logoAnnotations: [{ boundingPoly: { normalizedVertices: [{ x: 3e38 }, { y: "NaN" }] } }],
          fullTextAnnotation: { pages: [{ width: 10, height: 10 }] },
        }),
      )
    ).rows;
    expect(far).to.include({ kind: "logo", x: "", width: "", polygon: "" });
  });

  it("keeps what has no column in details, unknown members too", async () => {
    const { rows } = await rowsOf({}, await succeeded(everything));
    const detailsOf = (kind: string) =>
      JSON.parse(rows.find((row) => row["kind"] === kind)?.["details"] || "null") as unknown;
    expect(detailsOf("label")).to.deep.equal({ topicality: 0.5, newMember: { deep: [1] } });
    expect(detailsOf("face")).to.deep.equal({ joyLikelihood: "VERY_LIKELY" });
    expect(detailsOf("crop_hint")).to.deep.equal({ importanceFraction: 1.25 });
    expect(detailsOf("word")).to.deep.equal({ block: 0, paragraph: 0, break: "SPACE" });
    expect(detailsOf("logo")).to.equal(null);
    const ofWords = await rowsOf(
      {},
      await succeeded({ textAnnotations: [{ description: "a" }, { description: "a", newer: 1 }] }),
      await succeeded({
        fullTextAnnotation: {
          pages: [
            { blocks: [{ paragraphs: [{ words: [{ symbols: [{ text: "a" }], newer: 2 }] }] }] },
          ],
        },
      }),
    );
    expect(ofWords.rows.map(({ details = "" }) => JSON.parse(details) as unknown)).to.deep.equal([
      { newer: 1 },
      { block: 0, paragraph: 0, newer: 2 },
    ]);
  });

  it("has a row for every record, and one for every error", async () => {
    const { rows } = await rowsOf({}, ...(await recordsOfEveryStatus()));
    const last = rows.filter(({ index }) => index !== "0");
    expect(
      last.map(({ index, page, status, kind, id, description }) =>
        [index, page, status, kind, id, description].join("|"),
      ),
    ).to.deep.equal([
      "1|2|partial|label||Sky",
      "1|2|partial|error|PERMISSION_DENIED|no",
      "2||failed|error|PERMISSION_DENIED|no",
      "3||missing|error|VisionBatchError|the shard is cut off",
      "4||notSubmitted|none||",
    ]);
  });

  it("takes the words of the plain text annotation where there are no others, or the whole text", async () => {
    const plain = { textAnnotations: [{ description: "a b", locale: "en" }, { description: "a" }] };
    const masked = { fullTextAnnotation: { text: "a b" } };
    const { rows } = await rowsOf({}, await succeeded(plain), await succeeded(masked));
    expect(rows.map(({ kind, description }) => [kind, description])).to.deep.equal([
      ["word", "a"],
      ["text", "a b"],
    ]);
  });

  it("is RFC 4180: line ends of CRLF, quotes doubled, as many fields in every row", async () => {
    const { text } = await rowsOf({}, ...(await recordsOfEveryStatus()));
    const table = parse(text);
    expect(new Set(table.map((row) => row.length))).to.deep.equal(new Set([16]));
    expect(text.endsWith("\r\n")).to.equal(true);
    expect(text).to.include(',"""hi"",",').and.to.include('"Street\nsign"');
    expect(text.split("\r\n")).to.have.length(table.length + 1);
  });

  it("puts an apostrophe before what a spreadsheet would run, only when told to, and never before numbers", async () => {
    const vertices = [{ x: -3, y: -1 }, { x: 5 }, { x: 5, y: 2 }, { x: -3, y: 2 }];
    const record = await succeeded({
      labelAnnotations: [{ description: "@x" }, { description: "-1" }],
      logoAnnotations: [{ description: "+1", boundingPoly: { vertices } }],
    });
    const guarded = await rowsOf({ formulaGuard: true }, record);
    expect(guarded.rows.map(({ description }) => description)).to.deep.equal(["'@x", "'-1", "'+1"]);
    expect(guarded.rows[2]).to.include({ x: "-3", y: "-1" });
    const plain = await rowsOf({}, record);
    expect(plain.rows.map(({ description }) => description)).to.deep.equal(["@x", "-1", "+1"]);
  });

  it("begins with a byte order mark when told to, and has its header without records", async () => {
    const text = (await exported(createCsvExporter({ byteOrderMark: true }))).toString();
    expect(text.startsWith("\ufeffindex,uri,page,status,kind,")).to.equal(true);
    expect((await exported(createCsvExporter())).toString()).to.match(/^index,.*details\r\n$/);
  });
});

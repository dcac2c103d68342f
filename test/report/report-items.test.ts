import { expect } from "chai";
import { reportItems } from "../../src/report/report-items.ts";
import { everything, succeeded, toResponse } from "../results/export/export-records.ts";

const square = (unit: "vertices" | "normalizedVertices", low: number, high: number) => ({
  [unit]: [
    { x: low, y: low },
    { x: high, y: low },
    { x: high, y: high },
    { x: low, y: high },
  ],
});

const word = (text: string, boundingBox: object, confidence?: number) => ({
  symbols: [{ text, property: { detectedBreak: { type: "SPACE" } } }],
  boundingBox,
  ...(confidence === undefined ? {} : { confidence }),
});

const page = (words: readonly object[], size: object = { width: 200, height: 100 }) => ({
  fullTextAnnotation: { pages: [{ ...size, blocks: [{ paragraphs: [{ words }] }] }] },
});

describe("reportItems", () => {
  it("packs words as offsets, confidence and four numbers of the grid", async () => {
    const words = [
      word("one", square("vertices", 10, 20), 0.5),
      word("two", square("normalizedVertices", 0.25, 0.75)),
    ];
    const [item] = reportItems(await succeeded(page(words)), undefined);
    expect(item?.text?.text).to.equal("one two");
    expect(item?.text?.words).to.deep.equal([
      ...[0, 3, 50, 4, 500, 1000, 1000, 2000],
      ...[1, 3, -1, 4, 2500, 2500, 7500, 7500],
    ]);
  });

  it("keeps the four corners of a turned box", async () => {
    const turned = {
      vertices: [
        { x: 50, y: 10 },
        { x: 90, y: 50 },
        { x: 50, y: 90 },
        { x: 10, y: 50 },
      ],
    };
    const [item] = reportItems(await succeeded(page([word("a", turned)])), undefined);
    expect(item?.text?.words.slice(3)).to.deep.equal([
      8, 2500, 1000, 4500, 5000, 2500, 9000, 500, 5000,
    ]);
  });

  it("takes the size of the image where the response tells none, else how far its boxes reach", async () => {
    const record = await succeeded({
      logoAnnotations: [{ description: "x", boundingPoly: square("vertices", 50, 100) }],
    });
    const [known] = reportItems(record, { width: 200, height: 400 });
    expect(known).to.include({ width: 200, height: 400 });
    expect(known?.regions?.[0]?.corners.slice(0, 4)).to.deep.equal([2500, 1250, 5000, 1250]);
    const [guessed] = reportItems(record, undefined);
    expect(guessed).to.include({ width: 100, height: 100 });
  });

  it("tells the direction of each line", async () => {
    const end = { property: { detectedBreak: { type: "LINE_BREAK" } } };
    const words = ["abc", "שלום"].map((text) => ({ symbols: [{ text, ...end }] }));
    const [item] = reportItems(await succeeded(page(words)), undefined);
    expect(item?.text?.lines).to.equal("lr");
  });

  it("has everything that a response tells", async () => {
    const [item] = reportItems(await succeeded(everything), undefined);
    expect(item).to.include.keys("text", "regions", "labels", "web", "colors", "safeSearch");
    const kinds = new Set(item?.regions?.map(({ kind }) => kind));
    expect([...kinds].sort()).to.include.members(["crop_hint", "face", "logo", "object"]);
  });

  it("is an item a page where a response has several", async () => {
    const pages = [
      { width: 10, height: 10 },
      { width: 20, height: 20 },
    ];
    const response = await toResponse({ fullTextAnnotation: { pages } });
    const items = reportItems(
      { status: "succeeded", index: 0, uri: "gs://in/a.pdf", page: 3, response },
      undefined,
    );
    expect(items.map(({ page: number, width }) => [number, width])).to.deep.equal([
      [3, 10],
      [4, 20],
    ]);
  });

  it("names an input as its user does", () => {
    const record = { status: "missing", index: 0, uri: "gs://in/a.jpg" } as const;
    const names = [{ input: "a.jpg" }, { customId: "order 7" }, {}].map(
      (given) => reportItems({ ...record, ...given }, undefined)[0]?.name,
    );
    expect(names).to.deep.equal(["a.jpg", "order 7", undefined]);
  });

  it("tells why a record has no response", () => {
    const error = { code: "INVALID_ARGUMENT", message: "Bad image data.", details: [] } as const;
    const record = { status: "failed", index: 0, uri: "gs://in/a.jpg", error } as const;
    expect(reportItems(record, undefined)).to.deep.equal([
      {
        ...{ uri: "gs://in/a.jpg", status: "failed", width: 0, height: 0 },
        error: { code: "INVALID_ARGUMENT", message: "Bad image data." },
      },
    ]);
  });

  it("takes coordinates that are no places for none", async () => {
    const wild = {
      vertices: [
        { x: 2 ** 31 - 1, y: -(2 ** 31) },
        { x: 0, y: 5 },
        { x: 3, y: 3 },
      ],
    };
    const [item] = reportItems(await succeeded(page([word("a", wild)])), undefined);
    for (const value of item?.text?.words.slice(4) ?? []) expect(value).to.be.within(-1e4, 2e4);
  });
});

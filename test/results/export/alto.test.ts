import { expect } from "chai";
import fc from "fast-check";
import { createAltoExporter, type AltoExportOptions } from "../../../src/results/export/alto.ts";
import type { ResultRecord } from "../../../src/results/result-record.ts";
import { documentOf, makePage, recordOf, recordOfText } from "../document/page-fixture.ts";
import { exportText } from "./export-text.ts";
import { findElements, validate, validateAlto } from "./xml-documents.ts";

/** Everything that is written here is held to the schema. */
async function altoOf(
  records: readonly ResultRecord[],
  options: AltoExportOptions = {},
): Promise<string> {
  const alto = await exportText(createAltoExporter(options), records);
  validateAlto(alto);
  return alto;
}

function attributes(alto: string, name: string): Readonly<Record<string, string>>[] {
  return findElements(alto, `//a:${name}`).map((element) => element.attributes);
}

describe("createAltoExporter", () => {
  it("writes blocks, lines and strings with their places", async () => {
    const alto = await altoOf([recordOfText("One line\nand another\n\nNext", "Below")]);
    expect(attributes(alto, "Page")).to.eql([
      { ID: "page_1", PHYSICAL_IMG_NR: "1", WIDTH: "1000", HEIGHT: "1400" },
    ]);
    expect(attributes(alto, "PrintSpace")).to.eql([
      { HPOS: "100", VPOS: "100", WIDTH: "110", HEIGHT: "220" },
    ]);
    expect(attributes(alto, "ComposedBlock")).to.have.length(1);
    expect(findElements(alto, "//a:ComposedBlock/a:TextBlock")).to.have.length(2);
    expect(findElements(alto, "//a:PrintSpace/a:TextBlock")).to.have.length(1);
    expect(attributes(alto, "TextLine")[1]).to.eql({
      ID: "line_1_2",
      HPOS: "100",
      VPOS: "130",
      WIDTH: "110",
      HEIGHT: "20",
    });
    expect(attributes(alto, "String")[1]).to.include({ CONTENT: "line", HPOS: "140", WC: "0.9" });
    expect(attributes(alto, "SP")).to.have.length(2);
    expect(findElements(alto, "//a:fileName")[0]!.text).to.equal("gs://in/scan.png");
  });

  it("gives both parts of a divided word the whole word", async () => {
    const alto = await altoOf([recordOfText("an ex-\nample")]);
    const [, first, second] = attributes(alto, "String");
    expect(first).to.include({ CONTENT: "ex", SUBS_TYPE: "HypPart1", SUBS_CONTENT: "example" });
    expect(second).to.include({ CONTENT: "ample", SUBS_TYPE: "HypPart2", SUBS_CONTENT: "example" });
    expect(attributes(alto, "HYP")).to.eql([{ CONTENT: "-" }]);
  });

  it("says how blocks are turned, which way they are written and in which language", async () => {
    const blocks = [
      { text: "שלום\nabc", left: 900, mode: "rtl", language: "iw" },
      { text: "日本国", left: 900, top: 300, mode: "ttb", language: "ja" },
    ] as const;
    const alto = await altoOf([
      recordOf(makePage({ blocks })),
      recordOf(makePage({ blocks: [{ text: "up" }], turn: 90 })),
    ]);
    const [hebrew, japanese, turned] = attributes(alto, "TextBlock");
    expect(hebrew).to.include({ BASEDIRECTION: "rtl", LANG: "he" });
    expect(japanese).to.include({ BASEDIRECTION: "ttb", LANG: "ja" });
    expect(turned).to.include({ ROTATION: "90", WIDTH: "20", HEIGHT: "20" });
    expect(attributes(alto, "TextLine")[1]).to.include({ BASEDIRECTION: "ltr" });
  });

  it("writes glyphs when asked, of words whose symbols are one code point each", async () => {
    const record = recordOfText("ab བོད 𝒳");
    expect(attributes(await altoOf([record]), "Glyph")).to.eql([]);
    const glyphs = attributes(await altoOf([record], { glyphs: true }), "Glyph");
    expect(glyphs.map(({ CONTENT }) => CONTENT)).to.eql(["a", "b", "𝒳"]);
    expect(glyphs[0]).to.include({ HPOS: "100", WIDTH: "10" });
  });

  it("tells of pages that failed, and of pages of other sources", async () => {
    const error = { code: "INTERNAL", message: "too <odd>", details: [] } as const;
    const alto = await altoOf([
      ...documentOf(["a"], "gs://in/a.pdf"),
      { status: "failed", index: 0, uri: "gs://in/a.pdf", page: 2, error },
      { status: "missing", index: 1, uri: "gs://in/b & c.png" },
    ]);
    expect(attributes(alto, "Page").slice(1)).to.eql([
      { ID: "page_2", PHYSICAL_IMG_NR: "2", QUALITY_DETAIL: "failed: too <odd>" },
      {
        ID: "page_3",
        PHYSICAL_IMG_NR: "1",
        PAGECLASS: "gs://in/b & c.png",
        QUALITY_DETAIL: "missing",
      },
    ]);
  });

  it("writes what is no text as what it is", async () => {
    const boundingBox = {
      vertices: [
        { x: 1, y: 2 },
        { x: 9, y: 2 },
        { x: 9, y: 8 },
        { x: 1, y: 8 },
      ],
    };
    const kinds = ["PICTURE", "RULER", "BARCODE", "TEXT"];
    const blocks = kinds.map((blockType) => ({ blockType, boundingBox }));
    const table = makePage({ blocks: [{ text: "cell", type: "TABLE" }] });
    const alto = await altoOf([recordOf({ blocks: [...blocks, ...(table.blocks ?? [])] })]);
    expect(attributes(alto, "Illustration").map(({ TYPE }) => TYPE)).to.eql(["picture", "barcode"]);
    expect(attributes(alto, "GraphicalElement")[0]).to.include({ HPOS: "1", WIDTH: "8" });
    expect(attributes(alto, "ComposedBlock")[0]).to.include({ TYPE: "table" });
  });

  it("refuses a scale that is none", () => {
    expect(() => createAltoExporter({ scale: 0 })).to.throw(RangeError, "scale");
  });

  it("writes nothing of no records, as there is no ALTO without a page", async () => {
    expect(await exportText(createAltoExporter(), [])).to.equal("");
  });

  it("writes strings without places where there are none", async () => {
    const alto = await altoOf([
      { ...recordOfText(), response: { textAnnotations: [{ description: "a b" }] } },
    ]);
    expect(attributes(alto, "String")).to.eql([
      { ID: "word_1_1", CONTENT: "a" },
      { ID: "word_1_2", CONTENT: "b" },
    ]);
  });

  it("writes any text so that it is read again, but for what XML cannot hold", async () => {
    const character = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(character, { minLength: 1, maxLength: 8 }), async (symbols) => {
        const words = [{ symbols: symbols.map((text) => ({ text })) }];
        const pages = [{ blocks: [{ paragraphs: [{ words }] }] }];
        const record = { ...recordOfText(), response: { fullTextAnnotation: { pages } } };
        const alto = await altoOf([record], { glyphs: true });
        const written = attributes(alto, "String").map(({ CONTENT }) => CONTENT);
        const possible = /[^\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu;
        const kept = (text: string): string => (text.match(possible) ?? []).join("");
        expect(written.map((text) => text!.replaceAll("\ufffd", ""))).to.eql([
          kept(symbols.join("").toWellFormed()).replaceAll("\ufffd", ""),
        ]);
      }),
      { numRuns: 100 },
    );
  });

  it("is held to a schema that refuses what is wrong", async () => {
    const alto = await altoOf([recordOfText("a b\nc")]);
    const wrong = [
      alto.replace("<SP/>", "<SP/><SP/>"),
      alto.replace(' CONTENT="a"', ""),
      alto.replace('WC="0.9"', 'WC="1.1"'),
      alto.replace('ID="word_1_2"', 'ID="word_1_1"'),
      alto.replace(/HPOS="\d+"/, 'HPOS="-1"'),
      alto.replace("pixel", "mile"),
    ];
    for (const each of wrong) {
      expect(each).not.to.equal(alto);
      expect(() => validate(each, "alto-subset.xsd")).to.throw();
    }
  });
});

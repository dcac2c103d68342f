import { expect } from "chai";
import fc from "fast-check";
import { createHocrExporter, type HocrExportOptions } from "../../../src/results/export/hocr.ts";
import type { ResultRecord } from "../../../src/results/result-record.ts";
import {
  documentOf,
  makePage,
  recordOf,
  recordOfText,
  type PageSpec,
} from "../document/page-fixture.ts";
import { exportText } from "./export-text.ts";
import { findElements, validate, type ElementData } from "./xml-documents.ts";

/** Everything that is written here is held to the schema. */
async function hocrOf(
  records: readonly ResultRecord[],
  options: HocrExportOptions = {},
): Promise<string> {
  const hocr = await exportText(createHocrExporter(options), records);
  validate(hocr, "hocr-subset.xsd");
  // What a schema cannot say: which areas must have text, and which none.
  const isGraphic = "(@class='ocr_photo' or @class='ocr_separator')";
  expect(findElements(hocr, `//h:div[@class='ocr_carea'][not(h:p)]`)).to.eql([]);
  expect(findElements(hocr, `//h:div[${isGraphic}][h:p]`)).to.eql([]);
  return hocr;
}

function elements(hocr: string, hocrClass: string): ElementData[] {
  return findElements(hocr, `//h:*[@class="${hocrClass}"]`);
}

function titles(hocr: string, hocrClass: string): (string | undefined)[] {
  return elements(hocr, hocrClass).map(({ attributes }) => attributes["title"]);
}

const page = (spec: PageSpec): ResultRecord => recordOf(makePage(spec));

describe("createHocrExporter", () => {
  it("writes pages, areas, paragraphs, lines and words with their places", async () => {
    const hocr = await hocrOf([recordOfText("One line\nand another\n\nNext", "Below")]);
    expect(titles(hocr, "ocr_page")).to.eql([
      'image "gs://in/scan.png"; bbox 0 0 1000 1400; ppageno 0',
    ]);
    expect(titles(hocr, "ocr_carea")).to.have.length(2);
    expect(titles(hocr, "ocr_par")).to.have.length(3);
    expect(titles(hocr, "ocr_line")).to.include("bbox 100 130 210 150").and.to.have.length(4);
    expect(elements(hocr, "ocr_line").map(({ text }) => text)).to.eql([
      "One line",
      "and another",
      "Next",
      "Below",
    ]);
    expect(titles(hocr, "ocrx_word")[1]).to.equal("bbox 140 100 180 120; x_wconf 90");
  });

  it("tells the source and the place of pages, and the status of those that failed", async () => {
    const error = { code: "INTERNAL", message: "no", details: [] } as const;
    const records: ResultRecord[] = [
      ...documentOf(["a", "b"], 'gs://in/a "quoted" & <odd>.pdf'),
      { status: "failed", index: 0, uri: "gs://in/b.pdf", page: 7, error },
    ];
    const hocr = await hocrOf(records);
    expect(titles(hocr, "ocr_page")).to.eql([
      'image "gs://in/a %22quoted%22 & <odd>.pdf"; bbox 0 0 1000 1400; ppageno 0',
      'image "gs://in/a %22quoted%22 & <odd>.pdf"; bbox 0 0 1000 1400; ppageno 1',
      'image "gs://in/b.pdf"; bbox 0 0 0 0; ppageno 6',
    ]);
    const status = elements(hocr, "ocr_page").map(({ attributes }) => attributes["data-status"]);
    expect(status).to.eql([undefined, undefined, "failed"]);
  });

  it("says how far lines are turned, with level boxes", async () => {
    const blocks = [{ text: "turned" }];
    expect(titles(await hocrOf([page({ blocks, turn: 90 })]), "ocr_line")).to.eql([
      "bbox 100 840 120 900; textangle 90",
    ]);
    expect(titles(await hocrOf([page({ blocks, turn: 180 })]), "ocr_line")).to.eql([
      "bbox 840 1280 900 1300; textangle 180",
    ]);
  });

  it("says what is written to the left or down, and in which language", async () => {
    const blocks = [
      { text: "שלום\nabc", left: 900, mode: "rtl", language: "iw" },
      { text: "日本国", left: 900, top: 300, mode: "ttb", language: "ja" },
    ] as const;
    const hocr = await hocrOf([page({ blocks })]);
    const paragraphs = elements(hocr, "ocr_par").map(({ attributes }) => attributes);
    expect(paragraphs[0]).to.include({ dir: "rtl", lang: "he", "xml:lang": "he" });
    expect(paragraphs[1]).to.include({ style: "writing-mode: vertical-rl", lang: "ja" });
    const lines = elements(hocr, "ocr_line").map(({ attributes }) => attributes["dir"]);
    expect(lines).to.eql([undefined, "ltr", undefined]);
  });

  it("ends the first part of a divided word with a soft hyphen", async () => {
    const hocr = await hocrOf([recordOfText("ex-\nample")]);
    expect(elements(hocr, "ocrx_word").map(({ text }) => text)).to.eql(["ex\u00ad", "ample"]);
  });

  it("writes no space where there is none", async () => {
    const words = [{ symbols: [{ text: "(" }] }, { symbols: [{ text: "a" }] }];
    const pages = [{ width: 9, height: 9, blocks: [{ paragraphs: [{ words }] }] }];
    const hocr = await hocrOf([{ ...recordOfText(), response: { fullTextAnnotation: { pages } } }]);
    expect(elements(hocr, "ocr_line").map(({ text }) => text)).to.eql(["(a"]);
    // Without a place of its own, a line is somewhere on its page.
    expect(titles(hocr, "ocr_line")).to.eql(["bbox 0 0 9 9"]);
    expect(titles(hocr, "ocrx_word")).to.eql([undefined, undefined]);
  });

  it("has boxes from 0 on, in the unit that is asked for", async () => {
    const vertices = [
      { x: -1, y: -7 },
      { x: 50, y: -7 },
      { x: 50, y: 20 },
      { x: -1, y: 20 },
    ];
    const words = [{ boundingBox: { vertices }, symbols: [{ text: "a" }] }];
    const pages = [{ width: 612, height: 792, blocks: [{ paragraphs: [{ words }] }] }];
    const record = { ...recordOfText(), response: { fullTextAnnotation: { pages } } };
    expect(titles(await hocrOf([record]), "ocrx_word")).to.eql(["bbox 0 0 50 20"]);
    const hocr = await hocrOf([record], { scale: 300 / 72 });
    expect(titles(hocr, "ocrx_word")).to.eql(["bbox 0 0 208 83"]);
    expect(titles(hocr, "ocr_page")[0]).to.include("bbox 0 0 2550 3300");
  });

  it("refuses a scale that is none", () => {
    for (const scale of [0, -1, NaN, Infinity]) {
      expect(() => createHocrExporter({ scale })).to.throw(RangeError, "scale");
    }
  });

  it("measures a page of unknown size by its text, or in ten thousandths", async () => {
    const blocks = [{ text: "ab", left: 100, top: 140 }];
    const unsized = (unit: PageSpec["unit"]): ResultRecord => {
      const { width: _width, height: _height, ...rest } = makePage({ blocks, unit: unit! });
      return recordOf(rest);
    };
    const pixels = await hocrOf([unsized("vertices")]);
    expect(titles(pixels, "ocr_page")[0]).to.include("bbox 0 0 120 160");
    const fractions = await hocrOf([unsized("normalizedVertices")]);
    expect(titles(fractions, "ocr_page")[0]).to.include("bbox 0 0 10000 10000");
    expect(titles(fractions, "ocrx_word")[0]).to.include("bbox 1000 1000 1200 1143");
  });

  it("writes pictures and rulers that hold no text", async () => {
    const boundingBox = {
      vertices: [
        { x: 1, y: 2 },
        { x: 9, y: 2 },
        { x: 9, y: 8 },
        { x: 1, y: 8 },
      ],
    };
    const blocks = ["PICTURE", "RULER", "TEXT"].map((blockType) => ({ blockType, boundingBox }));
    const hocr = await hocrOf([recordOf({ width: 10, height: 10, blocks })]);
    expect(titles(hocr, "ocr_photo")).to.eql(["bbox 1 2 9 8"]);
    expect(titles(hocr, "ocr_separator")).to.eql(["bbox 1 2 9 8"]);
    expect(titles(hocr, "ocr_carea")).to.eql([]);
  });

  it("is one valid file of no records too, with the title that it is given", async () => {
    const hocr = await hocrOf([], { title: "Scans & <more>" });
    expect(findElements(hocr, "//h:title")[0]!.text).to.equal("Scans & <more>");
  });

  it("writes any text so that it is read again, but for what XML cannot hold", async () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 5 }), async (texts) => {
        const words = texts.map((each) => ({ symbols: [{ text: each }] }));
        const pages = [{ blocks: [{ paragraphs: [{ words }] }] }];
        const record = { ...recordOfText(), response: { fullTextAnnotation: { pages } } };
        const hocr = await hocrOf([record]);
        const written = elements(hocr, "ocrx_word").map((word) => word.text);
        expect(written).to.eql(texts.map(replaceImpossible));
      }),
      { numRuns: 200 },
    );
  });

  it("is held to a schema that refuses what is wrong", async () => {
    const hocr = await hocrOf([recordOfText("a")]);
    const wrong = [
      hocr.replace(/bbox 100 100 110 120; x_wconf 90/, "bbox 100 100 110; x_wconf 90"),
      hocr.replace("x_wconf 90", "x_wconf 190"),
      hocr.replace("ppageno 0", "ppageno -1"),
      hocr.replace(
        /<span class="ocr_line"[^>]*>/,
        "$&<span class='ocr_line' id='l' title='bbox 0 0 1 1'>x</span>",
      ),
      hocr.replace('class="ocr_par"', 'class="ocr_paragraph"'),
      hocr.replace('id="line_1_1"', 'id="page_1"'),
    ];
    for (const each of wrong) {
      expect(each).not.to.equal(hocr);
      expect(() => validate(each, "hocr-subset.xsd")).to.throw();
    }
  });
});

function replaceImpossible(text: string): string {
  const kept = Array.from(text.toWellFormed(), (character) => {
    const code = character.codePointAt(0)!;
    const isControl = code < 0x20 && ![9, 10, 13].includes(code);
    return isControl || code === 0xfffe || code === 0xffff ? "\ufffd" : character;
  });
  return kept.join("");
}

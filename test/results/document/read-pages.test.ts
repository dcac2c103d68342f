import { expect } from "chai";
import type { Box, PageView } from "../../../src/results/document/index.ts";
import { readPages } from "../../../src/results/document/index.ts";
import type { ImageResponse } from "../../../src/results/response-types.ts";
import { makePage, recordOf, recordOfText } from "./page-fixture.ts";

function readPage(response: ImageResponse): PageView {
  return readPages({ status: "succeeded", index: 0, uri: "gs://in/a.png", response })[0]!;
}

/** A word of these symbols, in a response of its own. */
function responseOf(...symbols: readonly object[]): ImageResponse {
  const words = [{ symbols }];
  return { fullTextAnnotation: { pages: [{ blocks: [{ paragraphs: [{ words }] }] }] } };
}

function extents(box: Box | undefined): readonly number[] | undefined {
  const shape = box?.pixels;
  return shape && [shape.left, shape.top, shape.right, shape.bottom];
}

describe("readPages", () => {
  it("reads blocks, paragraphs, lines, words and symbols with their places in the text", () => {
    const [page] = readPages(recordOfText("One line\nand another\n\nNext", "Below"));
    expect(page!.text).to.equal("One line\nand another\nNext\nBelow");
    expect(page!.blocks.map(({ text }) => text)).to.eql(["One line\nand another\nNext", "Below"]);
    expect(page!.lines.map(({ text, ending }) => [text, ending])).to.eql([
      ["One line", "wrap"],
      ["and another", "end"],
      ["Next", "end"],
      ["Below", "end"],
    ]);
    for (const part of [...page!.blocks, ...page!.lines, ...page!.words]) {
      expect(page!.text.slice(part.start, part.end)).to.equal(part.text);
    }
    const symbols = page!.words.flatMap((word) => word.symbols);
    expect(symbols.map(({ text, start }) => page!.text[start] === text)).not.to.include(false);
    expect(symbols).to.have.length("Onelineandanother".length + "NextBelow".length);
  });

  it("gives boxes in pixels and as fractions, and unites them where the response has none", () => {
    const page = makePage({
      width: 200,
      height: 100,
      blocks: [{ text: "ab c", left: 20, top: 30 }],
    });
    const [view] = readPages(recordOf(page));
    expect(view!.words.map(({ box }) => extents(box))).to.eql([
      [20, 30, 40, 50],
      [50, 30, 60, 50],
    ]);
    expect(extents(view!.blocks[0]!.box)).to.eql([20, 30, 60, 50]);
    expect(view!.lines[0]!.box!.normalized).to.include({
      left: 0.1,
      top: 0.3,
      right: 0.3,
      bottom: 0.5,
    });
  });

  it("reads boxes that have only fractions in the unit of the page", () => {
    const blocks = [{ text: "ab", left: 20, top: 30 }];
    const page = makePage({ width: 200, height: 100, blocks, unit: "normalizedVertices" });
    const [view] = readPages(recordOf(page));
    expect(extents(view!.words[0]!.box)).to.eql([20, 30, 40, 50]);
    const { width: _width, height: _height, ...unknownSize } = page;
    const [other] = readPages(recordOf(unknownSize));
    expect(other!.words[0]!.box!.pixels).to.equal(undefined);
    expect(other!.words[0]!.box!.normalized).to.include({ left: 0.1, bottom: 0.5 });
  });

  it("takes an absent coordinate for 0, keeps negative ones, and has no box of no corners", () => {
    const boxed = (boundingBox: object): Box | undefined =>
      readPage(responseOf({ text: "a", boundingBox })).words[0]!.box;
    const vertices = [{}, { x: 5 }, { x: 5, y: 6 }, { y: 6 }];
    expect(extents(boxed({ vertices }))).to.eql([0, 0, 5, 6]);
    const negative = [
      { x: -1, y: -7 },
      { x: 5, y: -7 },
      { x: 5, y: 6 },
      { x: -1, y: 6 },
    ];
    expect(extents(boxed({ vertices: negative }))).to.eql([-1, -7, 5, 6]);
    expect(boxed({})).to.equal(undefined);
    expect(boxed({ normalizedVertices: [{ x: "NaN" }] })).to.equal(undefined);
    expect(boxed({ normalizedVertices: [{ x: 3e38 }] })).to.equal(undefined);
  });

  it("ends a line at a hyphen that is not in the text, and shows it", () => {
    const [page] = readPages(recordOfText("An ex-\nample"));
    expect(page!.text).to.equal("An ex-\nample");
    expect(page!.words.map(({ text }) => text)).to.eql(["An", "ex", "ample"]);
    expect(page!.lines[0]!.ending).to.equal("hyphen");
  });

  it("parts text at breaks before a symbol, within a word, and of kinds that are not known", () => {
    const symbol = (text: string, detectedBreak?: object): object =>
      detectedBreak === undefined ? { text } : { text, property: { detectedBreak } };
    const prefix = { type: "LINE_BREAK", isPrefix: true };
    expect(readPage(responseOf(symbol("a"), symbol("b", prefix))).text).to.equal("a\nb");
    expect(readPage(responseOf(symbol("a", { type: "SPACE" }), symbol("b"))).text).to.equal("a b");
    expect(readPage(responseOf(symbol("a", { type: "NEW" }), symbol("b"))).text).to.equal("a b");
    expect(readPage(responseOf(symbol("a", {}), symbol("b"))).text).to.equal("a b");
    expect(readPage(responseOf(symbol("a"), symbol("b"))).text).to.equal("ab");
  });

  it("applies a break before the first symbol of a word to the word before", () => {
    const words = [
      { symbols: [{ text: "a" }] },
      { symbols: [{ text: "b", property: { detectedBreak: { type: "SPACE", isPrefix: true } } }] },
    ];
    const pages = [{ blocks: [{ paragraphs: [{ words }] }] }];
    const page = readPage({ fullTextAnnotation: { pages } });
    expect(page.words.map(({ text, separator }) => [text, separator])).to.eql([
      ["a", " "],
      ["b", "\n"],
    ]);
  });

  it("keeps symbols of several code points whole", () => {
    const [page] = readPages(recordOfText("བོད་ཡིག e\u0301a"));
    const [first, second] = page!.words;
    expect(first!.symbols.map(({ text }) => text)).to.include("བོ");
    expect(second!.symbols.map(({ text, start, end }) => [text, end - start])).to.eql([
      ["e\u0301", 2],
      ["a", 1],
    ]);
  });

  it("reads lines and words of responses that have textAnnotations only", () => {
    const poly = (x: number): object => ({
      vertices: [
        { x, y: 5 },
        { x: x + 9, y: 5 },
        { x: x + 9, y: 15 },
        { x, y: 15 },
      ],
    });
    const page = readPage({
      textAnnotations: [
        { locale: "iw", description: "To be, or\nnot lost to be\n", boundingPoly: poly(0) },
        ...["To", "be", ",", "or", "not", "to", "be"].map((description, i) => ({
          description,
          boundingPoly: poly(i * 10),
        })),
      ],
    });
    expect(page.text).to.equal("To be, or\nnot lost to be");
    expect(page.words.map(({ text, box }) => [text, box?.pixels?.left])).to.eql([
      ["To", 0],
      ["be", 10],
      [",", 20],
      ["or", 30],
      ["not", 40],
      ["lost", undefined],
      ["to", 50],
      ["be", 60],
    ]);
    expect(page.languages).to.eql(["he"]);
    expect(page.width).to.equal(undefined);
  });

  it("reads words that their text does not hold", () => {
    const page = readPage({ textAnnotations: [{ description: "a b" }, { description: "x" }] });
    expect(page.words.map(({ text }) => text)).to.eql(["x", "a", "b"]);
  });

  it("reads a text that came alone, without places", () => {
    const page = readPage({ fullTextAnnotation: { text: "One two\nthree\n" } });
    expect(page.text).to.equal("One two\nthree");
    expect(page.words).to.have.length(3);
    expect(page.lines[1]!.box).to.equal(undefined);
  });

  it("reads an image without text, and one that failed, as a page without words", () => {
    expect(readPage({})).to.include({ text: "", number: 1, angle: 0, status: "succeeded" });
    const error = { code: "NOT_FOUND", message: "no such object", details: [] } as const;
    const [page] = readPages({ status: "failed", index: 3, uri: "gs://in/a.pdf", page: 2, error });
    expect(page).to.include({ status: "failed", index: 3, number: 2, text: "", error });
  });

  it("counts on the pages of a response that has several", () => {
    const pages = [makePage({ blocks: [{ text: "a" }] }), makePage({ blocks: [{ text: "b" }] })];
    const views = readPages({
      ...recordOf({}),
      page: 4,
      response: { fullTextAnnotation: { pages } },
    });
    expect(views.map(({ number, text }) => [number, text])).to.eql([
      [4, "a"],
      [5, "b"],
    ]);
  });

  it("names languages in canonical form, and those that are unknown not at all", () => {
    const page = makePage({
      blocks: [
        { text: "a", language: "iw" },
        { text: "b", language: "und" },
      ],
    });
    const [view] = readPages(recordOf(page));
    expect(view!.blocks.map((block) => block.paragraphs[0]!.languages)).to.eql([["he"], []]);
  });

  it("has no confidence that is not told, and none that is no number", () => {
    const symbols = [{ text: "a" }];
    const words = [{ symbols, confidence: 0.5 }, { symbols }, { symbols, confidence: NaN }];
    const pages = [{ blocks: [{ paragraphs: [{ words }] }] }];
    const page = readPage({ fullTextAnnotation: { pages } });
    expect(page.words.map(({ confidence }) => confidence)).to.eql([0.5, undefined, undefined]);
  });
});

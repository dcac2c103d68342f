import { expect } from "chai";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import {
  createAnnotator,
  type AnnotateImageResponseJson,
  type Annotator,
} from "../../../src/emulator/annotators/annotator.ts";
import type {
  BoundingPolyJson,
  SymbolJson,
  WordJson,
} from "../../../src/emulator/annotators/response-json.ts";
import { extentOf, toPdf, toPng, type Drawing } from "./text-image.ts";

interface Expected {
  readonly pages: number;
  readonly contains: readonly string[];
  readonly error?: string;
}

const inputs = new URL("../../../examples/inputs/", import.meta.url);
const mimeTypes: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  tiff: "image/tiff",
  gif: "image/gif",
};
const text = [{ type: "TEXT_DETECTION" }];
const documentText = [{ type: "DOCUMENT_TEXT_DETECTION" }];

const tickets = { text: "Tickets", x: 40, y: 80, size: 36 };
const monday = { text: "Monday", x: 300, y: 200, size: 36 };
const drawing: Drawing = { width: 600, height: 300, words: [tickets, monday] };

function wordsOf(response: AnnotateImageResponseJson): readonly WordJson[] {
  const pages = response.fullTextAnnotation?.pages ?? [];
  return pages.flatMap((page) =>
    page.blocks.flatMap((block) => block.paragraphs.flatMap(({ words }) => words)),
  );
}

function symbolsOf(response: AnnotateImageResponseJson): readonly SymbolJson[] {
  return wordsOf(response).flatMap(({ symbols }) => symbols);
}

function boxOf(poly: BoundingPolyJson | undefined): Record<string, number> {
  const [from = {}, , to = {}] = poly?.vertices ?? poly?.normalizedVertices ?? [];
  return { x0: from.x ?? 0, y0: from.y ?? 0, x1: to.x ?? 0, y1: to.y ?? 0 };
}

function expectNear(
  actual: Record<string, number>,
  wanted: Readonly<Record<string, number>>,
  tolerance: number,
): void {
  for (const [side, value] of Object.entries(wanted)) {
    expect(actual[side], `${side} of ${JSON.stringify(actual)}`).to.be.closeTo(value, tolerance);
  }
}

describe("text detection", () => {
  let annotator: Annotator;
  before(() => {
    annotator = createAnnotator({ workers: 1 });
  });
  after(() => annotator.close());

  async function readPages(
    content: Uint8Array,
    mimeType: string,
  ): Promise<readonly AnnotateImageResponseJson[]> {
    const file = await annotator.openFile(content, mimeType);
    const pages = Array.from({ length: file.pageCount }, (_, n) => n + 1);
    const responses = await Promise.all(
      pages.map((page) => file.annotatePage(page, text, { uri: "gs://bucket/file" })),
    );
    await file.close();
    return responses;
  }

  it("reads the text of every sample, and refuses the broken one", async () => {
    const expected = JSON.parse(await readFile(new URL("expected.json", inputs), "utf8")) as Record<
      string,
      Expected
    >;
    expect(Object.keys(expected)).to.have.lengthOf.at.least(6);
    for (const [name, { pages, contains, error }] of Object.entries(expected)) {
      const content = await readFile(new URL(name, inputs));
      const mimeType = mimeTypes[name.split(".").at(-1) ?? ""];
      const responses =
        mimeType === undefined
          ? [await annotator.annotateImage(content, text, {})]
          : await readPages(content, mimeType);
      const found = responses.map(({ fullTextAnnotation }) => fullTextAnnotation?.text).join("\n");
      expect(responses, name).to.have.lengthOf(pages);
      for (const part of contains) expect(found, name).to.include(part);
      expect(responses[0]?.error?.message, name).to.equal(error);
    }
  });

  it("tells the whole text, then every word where it was drawn", async () => {
    const response = await annotator.annotateImage(await toPng(drawing), text, {});
    const [whole, ...words] = response.textAnnotations ?? [];
    expect(whole?.description).to.equal("Tickets\nMonday");
    expect(whole?.description).to.equal(response.fullTextAnnotation?.text);
    expect(whole?.locale).to.equal("en");
    expect(words.map(({ description }) => description)).to.deep.equal(["Tickets", "Monday"]);
    expectNear(boxOf(words[0]?.boundingPoly), await extentOf(tickets), 4);
    expectNear(boxOf(words[1]?.boundingPoly), await extentOf(monday), 4);
    const { x1 = 0, y1 = 0 } = await extentOf(monday);
    expectNear(boxOf(whole?.boundingPoly), { ...(await extentOf(tickets)), x1, y1 }, 4);
  });

  it("builds pages of symbols whose breaks spell the text", async () => {
    const content = await readFile(new URL("receipt.png", inputs));
    const response = await annotator.annotateImage(content, documentText, {});
    const breaks = { SPACE: " ", EOL_SURE_SPACE: "\n", LINE_BREAK: "\n" };
    const spelled = symbolsOf(response).map(({ text: symbol, property }) => {
      const type = property?.detectedBreak?.type;
      return symbol + (type === undefined ? "" : breaks[type]);
    });
    expect(spelled.join("").trimEnd()).to.equal(response.fullTextAnnotation?.text);
    const [page] = response.fullTextAnnotation?.pages ?? [];
    expect(page).to.include({ width: 520, height: 680 });
    expect(page?.confidence).to.be.within(0.8, 1);
    expect(page?.property.detectedLanguages).to.deep.equal([{ languageCode: "en" }]);
    for (const { confidence, boundingBox } of symbolsOf(response)) {
      expect(confidence).to.be.within(0, 1);
      expect(boundingBox?.vertices).to.have.lengthOf(4);
    }
  });

  for (const [orientation, stored] of [
    [3, 180],
    [6, 270],
    [8, 90],
  ] as const) {
    it(`reads a picture with EXIF orientation ${orientation} as it is seen`, async () => {
      const lying = await sharp(await toPng(drawing))
        .rotate(stored)
        .flatten({ background: "white" })
        .withMetadata({ orientation })
        .jpeg({ quality: 95 })
        .toBuffer();
      const response = await annotator.annotateImage(lying, text, {});
      expect(response.fullTextAnnotation?.pages[0]).to.include({ width: 600, height: 300 });
      const [, word] = response.textAnnotations ?? [];
      expect(word?.description).to.equal("Tickets");
      expectNear(boxOf(word?.boundingPoly), await extentOf(tickets), 4);
    });
  }

  it("tells coordinates of a picture that is larger than it works on in its own pixels", async () => {
    const large = await sharp(await toPng(drawing))
      .flatten({ background: "white" })
      .resize({ width: 6000 })
      .png()
      .toBuffer();
    const response = await annotator.annotateImage(large, text, {});
    const box = boxOf(response.textAnnotations?.[1]?.boundingPoly);
    for (const [side, value] of Object.entries(await extentOf(tickets))) {
      expect(box[side], side).to.be.closeTo(value * 10, 40);
    }
  });

  it("tells pages of a PDF in points, with normalised boxes for all but symbols", async () => {
    const [, response] = await readPages(
      await toPdf({ width: 300, height: 200 }, drawing),
      "application/pdf",
    );
    expect(response).to.have.all.keys("fullTextAnnotation", "context");
    expect(response?.context).to.deep.equal({ uri: "gs://bucket/file", pageNumber: 2 });
    expect(response?.fullTextAnnotation?.pages[0]).to.include({ width: 600, height: 300 });
    const [word] = wordsOf(response ?? {});
    const { x0 = 0, y0 = 0, x1 = 0, y1 = 0 } = await extentOf(tickets);
    const normalized = { x0: x0 / 600, y0: y0 / 300, x1: x1 / 600, y1: y1 / 300 };
    expect(word?.boundingBox).to.have.all.keys("normalizedVertices");
    expectNear(boxOf(word?.boundingBox), normalized, 0.01);
    for (const symbol of symbolsOf(response ?? {})) expect(symbol).not.to.have.key("boundingBox");
  });

  it("tells pages of a TIFF in pixels, with boxes for symbols too", async () => {
    const content = await readFile(new URL("minutes.tiff", inputs));
    const [response = {}] = await readPages(content, "image/tiff");
    expect(response).to.have.all.keys("fullTextAnnotation", "context");
    expect(response.fullTextAnnotation?.pages[0]).to.include({ width: 900, height: 640 });
    expect(wordsOf(response)[0]?.boundingBox).to.have.all.keys("vertices");
    expect(symbolsOf(response)[0]?.boundingBox?.vertices).to.have.lengthOf(4);
  });

  it("finds nothing on an empty page", async () => {
    const response = await annotator.annotateImage(
      await toPng({ width: 200, height: 100 }),
      text,
      {},
    );
    expect(response).to.deep.equal({});
  });

  it("leaves out words that are less sure than asked", async () => {
    const strict = createAnnotator({ workers: 1, minWordConfidence: 1 });
    try {
      const response = await strict.annotateImage(await toPng(drawing), documentText, {});
      expect(response).to.deep.equal({});
    } finally {
      await strict.close();
    }
  });
});

import { readFile } from "node:fs/promises";
import { expect } from "chai";
import sharp from "sharp";
import { createAnnotator } from "../../../src/emulator/annotators/annotator.ts";
import { VisionBatchError } from "../../../src/errors/index.ts";
import { readPages } from "../../../src/results/document/index.ts";
import { createPdfExporter, type PdfExportOptions } from "../../../src/results/export/pdf.ts";
import type { ResultRecord } from "../../../src/results/index.ts";
import { rejection } from "../../fixtures/rejection.ts";
import { exported, recordsOfEveryStatus, succeeded } from "./export-records.ts";
import { orientedJpeg, pngKinds, pngOf, sourcePdf } from "./pdf-images.ts";
import {
  drawPages,
  hasPoppler,
  readWithPdfium,
  readWithPoppler,
  type FoundWord,
} from "./pdf-reader.ts";
import { boxAt, textPage, turned, type PlacedWord } from "./text-pages.ts";

const inputs = new URL("../../../examples/inputs/", import.meta.url);
const blank: PdfExportOptions = { readImage: () => Promise.resolve(undefined), dpi: 72 };

const toPdf = (options: PdfExportOptions, ...records: readonly ResultRecord[]) =>
  exported(createPdfExporter(options), ...records);

/** Holds a word to its corners, which are pixels of 1000 by 800. */
function expectAt(word: FoundWord | undefined, { text, corners }: PlacedWord, tolerance = 1) {
  expect(word, text).to.not.equal(undefined);
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const at = `${text}: ${JSON.stringify(word)}`;
  expect((word?.left ?? NaN) * 1000, at).to.be.closeTo(Math.min(...xs), tolerance);
  expect((word?.right ?? NaN) * 1000, at).to.be.closeTo(Math.max(...xs), tolerance);
  expect((word?.top ?? NaN) * 800, at).to.be.closeTo(Math.min(...ys), tolerance);
  expect((word?.bottom ?? NaN) * 800, at).to.be.closeTo(Math.max(...ys), tolerance);
}

const english = [
  { text: "Total:", corners: boxAt(100, 50, 120, 30) },
  { text: "42.50", corners: boxAt(240, 50, 100, 30) },
  { text: "€", corners: boxAt(360, 50, 20, 30) },
];
const tibetan = [
  { text: "བཀྲ་", corners: boxAt(100, 150, 80, 40), ending: "none" as const },
  { text: "ཤིས་", corners: boxAt(180, 150, 80, 40), ending: "none" as const },
  { text: "བདེ", corners: boxAt(260, 150, 60, 40) },
];
const hebrew = [
  { text: "שלום", corners: boxAt(700, 250, 100, 30) },
  { text: "עולם", corners: boxAt(580, 250, 100, 30) },
  { text: "2026", corners: boxAt(480, 250, 80, 30) },
];
const arabic = [
  { text: "مرحبا", corners: boxAt(700, 350, 100, 30) },
  { text: "٢٠٢٦م", corners: boxAt(580, 350, 100, 30) },
];
const others = [
  { text: "हिन्दी", corners: boxAt(100, 450, 90, 30) },
  { text: "東京", corners: boxAt(210, 450, 60, 30) },
  { text: "\u{20bb7}\u{1f600}", corners: boxAt(300, 450, 60, 30) },
];
const scripts = [english, tibetan, hebrew, arabic, others];
const reversed = (text: string) => Array.from(text).reverse().join("");

describe("createPdfExporter", () => {
  describe("opened by pdfium", () => {
    it("has every word in any script, in order, where it stands", async () => {
      const [page] = await readWithPdfium(await toPdf(blank, await textPage(scripts)));
      expect(page).to.include({ width: 1000, height: 800 });
      expect(page?.text.split(/\r?\n/).map((line) => line.trim())).to.deep.equal([
        "Total: 42.50 €",
        "བཀྲ་ཤིས་བདེ",
        "שלום עולם 2026",
        "مرحبا ٢٠٢٦م",
        "हिन्दी 東京 \u{20bb7}\u{1f600}",
      ]);
      const whole = { text: "བཀྲ་ཤིས་བདེ", corners: boxAt(100, 150, 220, 40) };
      for (const word of [...english, whole, ...hebrew, ...arabic, ...others]) {
        expectAt(
          page?.words.find(({ text }) => text === word.text),
          word,
        );
      }
    });

    for (const angle of [90, 180, 270, 12]) {
      it(`has words that are turned by ${angle}°`, async () => {
        const place = [500, 400] as const;
        const words = [
          { text: "turned", corners: turned(boxAt(400, 380, 90, 30), angle, place) },
          { text: "words", corners: turned(boxAt(510, 380, 80, 30), angle, place) },
        ];
        const [page] = await readWithPdfium(await toPdf(blank, await textPage([words])));
        // What stands on its head is read from the left all the same, so that its order is not asked for.
        expect(page?.words).to.have.length(2);
        for (const word of words) {
          expectAt(
            page?.words.find(({ text }) => text === word.text),
            word,
            2,
          );
        }
      });
    }

    it("has a column of letters below each other as one word", async () => {
      const column = { text: "日本語", corners: boxAt(600, 100, 30, 90) };
      const [page] = await readWithPdfium(await toPdf(blank, await textPage([[column]])));
      expect(page?.words).to.have.length(1);
      expectAt(page?.words[0], column);
      expect(page?.words[0]?.text).to.equal("日本語");
    });

    it("has a space just where the text has one, whether boxes touch or not", async () => {
      const words: PlacedWord[] = [
        { text: "wide", corners: boxAt(100, 100, 80, 30), ending: "none" },
        { text: ",", corners: boxAt(195, 100, 10, 30) },
        { text: "close", corners: boxAt(205, 100, 100, 30) },
        { text: "over", corners: boxAt(300, 100, 80, 30) },
        { text: "lap", corners: boxAt(390, 100, 60, 30), ending: "HYPHEN" },
      ];
      const [page] = await readWithPdfium(await toPdf(blank, await textPage([words])));
      expect(page?.text.trim().replace("\u0002", "-")).to.equal("wide, close over lap-");
    });

    it("shows nothing of the text", async () => {
      const record = await textPage(scripts);
      const [page] = await drawPages(await toPdf(blank, record));
      expect(page?.data.every((value) => value === 255)).to.equal(true);
    });

    it("has the image of a page, and the words that were read in it where they were read", async function () {
      this.timeout(60_000);
      const content = await readFile(new URL("receipt.png", inputs));
      const annotator = createAnnotator({ workers: 1 });
      const features = [{ type: "DOCUMENT_TEXT_DETECTION" }];
      const record = await annotator
        .annotateImage(content, features, {})
        .then((response) => succeeded(response))
        .finally(() => annotator.close());
      const pdf = await toPdf({ readImage: () => Promise.resolve(content), dpi: 144 }, record);
      const [page] = await readWithPdfium(pdf);
      const [view] = readPages(record);
      expect(page?.width).to.be.closeTo((view?.width ?? NaN) / 2, 1);
      expect(page?.text).to.include("Receipt 4711").and.to.include("18.05");
      const words = (view?.words ?? []).filter(({ text }) => /\w{3}/.test(text));
      expect(words.length).to.be.greaterThan(10);
      for (const { text, box } of words) {
        const { left, top, right, bottom } = box!.normalized!;
        const near = (page?.words ?? []).filter(
          (word) =>
            word.text.includes(text) &&
            Math.abs(word.left - left) < 0.01 &&
            Math.abs(word.top - top) < 0.005 &&
            Math.abs(word.bottom - bottom) < 0.005 &&
            word.right > right - 0.01,
        );
        expect(near, text).to.have.length(1);
      }
      const [drawn] = await drawPages(pdf);
      const expected = await sharp(content)
        .resize(drawn!.width, drawn!.height, { fit: "fill" })
        .flatten({ background: "white" })
        .toColourspace("srgb")
        .removeAlpha()
        .raw()
        .toBuffer();
      expect(difference(drawn!.data, expected)).to.be.lessThan(6);
    });

    for (let orientation = 1; orientation <= 8; orientation++) {
      it(`turns a JPEG of the orientation ${orientation} as it is to be seen`, async () => {
        const { content, upright, size } = await orientedJpeg(orientation);
        const options = { readImage: () => Promise.resolve(content), dpi: 72 };
        const [page] = await drawPages(await toPdf(options, await succeeded({})));
        expect([page?.width, page?.height]).to.deep.equal(size);
        expect(difference(page!.data, upright)).to.be.lessThan(3);
      });
    }

    for (const [kind, toKind] of Object.entries(pngKinds)) {
      it(`shows a PNG as it is: ${kind}`, async () => {
        const { content, upright } = await pngOf(toKind);
        const options = { readImage: () => Promise.resolve(content), dpi: 72 };
        const [page] = await drawPages(await toPdf(options, await succeeded({})));
        expect([page?.width, page?.height]).to.deep.equal([61, 43]);
        expect(difference(page!.data, upright)).to.be.lessThan(1);
      });
    }

    for (const angle of [0, 90, 180, 270]) {
      it(`keeps the page of a PDF that is turned by ${angle}°, and has the words where they are seen`, async () => {
        const source = await sourcePdf(angle);
        const turnedBy90 = angle % 180 === 90;
        const words = [{ text: "seen", corners: boxAt(300, 200, 100, 30) }];
        const records = await Promise.all(
          [1, 2].map((page) => textPage([words], { place: { page }, normalized: true })),
        );
        const pdf = await toPdf({ readImage: () => Promise.resolve(source) }, ...records);
        const pages = await readWithPdfium(pdf);
        expect(pages).to.have.length(2);
        pages.forEach((page, place) => {
          expect([page.width, page.height]).to.deep.equal(turnedBy90 ? [300, 400] : [400, 300]);
          expectAt(
            page.words.find(({ text }) => text === "seen"),
            words[0]!,
          );
          expect(page.text).to.include(`original ${place + 1}`);
        });
        const [drawn] = await drawPages(pdf);
        const [original] = await drawPages(source);
        expect(difference(drawn!.data, original!.data)).to.equal(0);
        // The font of both pages is there once.
        expect(pdf.toString("latin1").split("/BaseFont /Helvetica")).to.have.length(2);
      });
    }
  });

  if (hasPoppler) {
    describe("opened by poppler", () => {
      it("has every word in any script where it stands", async () => {
        const [page] = await readWithPoppler(await toPdf(blank, await textPage(scripts)));
        const leftward = hebrew.slice(0, 2).concat(arabic.slice(0, 1));
        const whole = { text: "བཀྲ་ཤིས་བདེ", corners: boxAt(100, 150, 220, 40) };
        for (const word of [...english, whole, ...others, ...leftward]) {
          // Its boxes tell letters from left to right; its text turns them back.
          const shown = leftward.includes(word) ? reversed(word.text) : word.text;
          expectAt(
            page?.words.find(({ text }) => text === shown),
            word,
          );
        }
        const text = page?.text.replace(/[\u202a-\u202e]/g, "");
        for (const { text: word } of [...english, whole, ...hebrew, ...others, arabic[0]!]) {
          expect(text).to.include(word);
        }
      });

      it("has words that are turned", async () => {
        for (const angle of [90, 180, 270]) {
          const corners = turned(boxAt(400, 380, 90, 30), angle, [500, 400]);
          const word = { text: "turned", corners };
          const [page] = await readWithPoppler(await toPdf(blank, await textPage([[word]])));
          expect(page?.words.map(({ text }) => text)).to.deep.equal(["turned"]);
          expectAt(page?.words[0], word, 2);
        }
      });

      it("finds no fault in a file of images, copied pages and blank ones", async () => {
        const jpeg = (await orientedJpeg(6)).content;
        const images = [jpeg, await sourcePdf(90), undefined];
        const records = await Promise.all(
          [1, 2, 3].map((page) => textPage(scripts, { place: { page } })),
        );
        const pdf = await toPdf(
          { readImage: (_, page = 1) => Promise.resolve(images[page - 1]) },
          ...records,
        );
        const pages = await readWithPoppler(pdf);
        expect(pages.map(({ text }) => text.includes("Total: 42.50 €"))).to.deep.equal([
          true,
          true,
          true,
        ]);
      });
    });
  } else {
    process.stdout.write("pdftotext is not on this machine: PDFs were not read by poppler\n");
  }

  it("refuses a resolution that is none", () => {
    for (const dpi of [0, -1, NaN, Infinity]) {
      expect(() => createPdfExporter({ ...blank, dpi })).to.throw(RangeError, "dpi");
    }
  });

  it("takes a page of another number where it is told so", async () => {
    const content = await sourcePdf(0);
    const record = await textPage([], { place: { page: 7 } });
    const pdf = await toPdf({ readImage: () => Promise.resolve({ content, page: 2 }) }, record);
    const [page] = await readWithPdfium(pdf);
    expect(page?.text).to.include("original 2");
  });

  it("has the image of what has no result, and tells of what has neither image nor size", async () => {
    const asked: unknown[] = [];
    const omitted: unknown[] = [];
    const { content } = await orientedJpeg(1);
    const options: PdfExportOptions = {
      readImage: (uri, page) => {
        asked.push([uri, page]);
        return Promise.resolve(uri.endsWith("c.jpg") ? content : undefined);
      },
      onOmission: (omission) => void omitted.push(omission),
    };
    const pdf = await toPdf(options, ...(await recordsOfEveryStatus()));
    expect(await readWithPdfium(pdf)).to.have.length(2);
    expect(asked).to.deep.equal([
      ["gs://in/a.jpg", undefined],
      ["gs://in/b.pdf", 2],
      ["gs://in/c.jpg", undefined],
      ["gs://in/d.jpg", undefined],
      ["gs://in/e.jpg", undefined],
    ]);
    expect(omitted).to.deep.equal([
      { uri: "gs://in/b.pdf", page: 2 },
      { uri: "gs://in/d.jpg" },
      { uri: "gs://in/e.jpg" },
    ]);
  });

  it("has a blank page for a picture that cannot be taken, where somebody hears of it", async () => {
    const errors: string[] = [];
    const options: PdfExportOptions = {
      readImage: () => Promise.resolve(Buffer.from("%PDF-1.7 cut off")),
      onImageError: ({ message }) => void errors.push(message),
    };
    const pages = await readWithPdfium(await toPdf(options, await textPage([english])));
    expect(pages.map(({ text }) => text.trim())).to.deep.equal(["Total: 42.50 €"]);
    expect(errors).to.have.length(1);
    expect(errors[0]).to.match(/a\.jpg cannot be read as a PDF/);
  });

  it("takes it for no error that the picture of what failed is damaged", async () => {
    const omitted: unknown[] = [];
    const failed = (await recordsOfEveryStatus()).find(({ status }) => status === "failed");
    const options: PdfExportOptions = {
      readImage: (uri) => Promise.resolve(uri === failed!.uri ? Buffer.from("GIF89a") : undefined),
      onOmission: (omission) => void omitted.push(omission),
    };
    const pdf = await toPdf(options, failed!, await textPage([english]));
    expect(await readWithPdfium(pdf)).to.have.length(1);
    expect(omitted).to.deep.equal([{ uri: failed!.uri }]);
  });

  it("writes a page before it asks for the next", async () => {
    const { content } = await orientedJpeg(1);
    const events: string[] = [];
    const readImage = () => {
      events.push("image");
      return Promise.resolve(content);
    };
    const record = await textPage([english]);
    async function* records() {
      for (let place = 0; place < 3; place++) {
        events.push("record");
        yield await Promise.resolve(record);
      }
    }
    for await (const part of createPdfExporter({ readImage }).export(records())) {
      if (Buffer.from(part as Uint8Array).includes("/Type /Page\n")) events.push("page");
    }
    const page = ["record", "image", "page"];
    expect(events).to.deep.equal([...page, ...page, ...page]);
  });

  it("says which image it cannot read, and that a PDF without pages is none", async () => {
    const record = await succeeded({}, { page: 3 });
    const fails = async (content: Uint8Array | undefined) => {
      const error = await rejection(toPdf({ readImage: () => Promise.resolve(content) }, record));
      expect(error).to.be.instanceOf(VisionBatchError);
      return (error as Error).message;
    };
    expect(await fails(Buffer.from("GIF89a"))).to.match(/a\.jpg is neither a JPEG nor a PNG/);
    expect(await fails(Buffer.from("\xff\xd8\xff\xe0\0\x04ab", "latin1"))).to.match(
      /image of .*a\.jpg/,
    );
    expect(await fails(Buffer.from("\x89PNG\r\n\x1a\nxx", "latin1"))).to.match(/image of .*a\.jpg/);
    const { content: png } = await pngOf((image) => image.png());
    const header = [8, 11, 12, 16, 23, 24, 29, 32];
    const data = Array.from({ length: 40 }, (_, place) => png.indexOf("IDAT") - 4 + place * 3);
    for (const at of [...header, ...data, png.length - 9]) {
      const damaged = Buffer.from(png);
      damaged[at] = 255 - damaged[at]!;
      expect(await fails(damaged)).to.match(/image of .*a\.jpg/);
    }
    expect(await fails(Buffer.from("%PDF-1.7 cut off"))).to.match(/a\.jpg/);
    expect(await fails(await sourcePdf(0))).to.match(/has no page 3.* has 2/);
    expect(await fails(undefined)).to.match(/no page for a PDF/);
  });
});

/** The mean difference of two pictures, of 255. */
function difference(one: Buffer, other: Buffer): number {
  expect(one.length).to.equal(other.length);
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += Math.abs((one[at] ?? 0) - (other[at] ?? 0));
  return sum / one.length;
}

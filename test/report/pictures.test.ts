import { degrees, PDFDocument, rgb } from "@cantoo/pdf-lib";
import { expect } from "chai";
import sharp from "sharp";
import { PictureMaker, type Pictures } from "../../src/report/index.ts";

/** A document with a black bar on each page, each further down. */
async function barPdf(pages: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  for (let i = 0; i < pages; i++) {
    const page = document.addPage([400, 800]);
    page.drawRectangle({ x: 100, y: 700 - i * 100, width: 200, height: 40, color: rgb(0, 0, 0) });
  }
  return document.save();
}

/** Where a picture is dark, as fractions of its sides. */
async function darkPart(picture: Uint8Array) {
  const { data, info } = await sharp(picture)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const places = Array.from(data, (value, place) => (value < 128 ? place : -1)).filter(
    (p) => p >= 0,
  );
  const xs = places.map((place) => place % info.width);
  const ys = places.map((place) => Math.floor(place / info.width));
  return {
    left: Math.min(...xs) / info.width,
    right: (Math.max(...xs) + 1) / info.width,
    top: Math.min(...ys) / info.height,
    bottom: (Math.max(...ys) + 1) / info.height,
  };
}

async function sidesOf(picture: Uint8Array | undefined): Promise<readonly (number | undefined)[]> {
  const { width, height, format } = await sharp(picture).metadata();
  expect(format).to.equal("jpeg");
  return [width, height];
}

describe("PictureMaker", () => {
  let maker: PictureMaker;
  before(async () => {
    maker = await PictureMaker.open({ thumbnailPixels: 100, previewPixels: 400 });
  });
  after(() => maker[Symbol.asyncDispose]());
  const made = async (content: Uint8Array, page?: number): Promise<Pictures> => {
    const pictures = await maker.make(content, page);
    if (pictures === undefined) throw new Error("there is no picture");
    return pictures;
  };

  it("draws each page of a PDF at both sizes, with everything in its place", async () => {
    const pdf = await barPdf(3);
    const pages = await Promise.all([1, 2, 3].map((page) => made(pdf, page)));
    for (const [i, { size, thumbnail, preview }] of pages.entries()) {
      expect(size).to.deep.equal({ width: 400, height: 800 });
      expect(await sidesOf(thumbnail)).to.deep.equal([50, 100]);
      expect(await sidesOf(preview)).to.deep.equal([200, 400]);
      const { left, right, top, bottom } = await darkPart(preview ?? thumbnail);
      expect(left).to.be.closeTo(0.25, 0.01);
      expect(right).to.be.closeTo(0.75, 0.01);
      expect(top).to.be.closeTo((60 + i * 100) / 800, 0.01);
      expect(bottom).to.be.closeTo((100 + i * 100) / 800, 0.01);
    }
  });

  it("shows a page as it is to be seen: turned, and without what is cut off", async () => {
    const document = await PDFDocument.create();
    const page = document.addPage([400, 800]);
    page.drawRectangle({ x: 100, y: 700, width: 200, height: 100, color: rgb(0, 0, 0) });
    page.setCropBox(100, 400, 300, 400);
    page.setRotation(degrees(90));
    const { size, thumbnail } = await made(await document.save());
    expect(size).to.deep.equal({ width: 400, height: 300 });
    const { left, right, top, bottom } = await darkPart(thumbnail);
    expect([left, right, top, bottom].map((side) => Math.round(side * 100))).to.deep.equal([
      75, 100, 0, 67,
    ]);
  });

  it("goes on after a PDF that cannot be drawn, and beyond the pages of a thread", async () => {
    expect(await maker.make(Buffer.from("%PDF-1.7 and nothing of one"))).to.equal(undefined);
    const pdf = await barPdf(1);
    expect(await maker.make(pdf, 2)).to.equal(undefined);
    const drawn = await Promise.all(Array.from({ length: 120 }, () => maker.make(pdf)));
    expect(drawn.map((pictures) => pictures?.size.width)).to.deep.equal(drawn.map(() => 400));
  });

  it("takes the pages of TIFF and GIF files apart", async () => {
    const colors = ["#fff", "#000"];
    const frames = await Promise.all(
      colors.map((background) =>
        sharp({ create: { width: 60, height: 40, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const joined = sharp(frames, { join: { animated: true } });
    for (const content of [await joined.clone().gif().toBuffer(), await joined.tiff().toBuffer()]) {
      const means: number[] = [];
      for (const page of [1, 2]) {
        const { size, thumbnail } = await made(content, page);
        expect(size).to.deep.equal({ width: 60, height: 40 });
        means.push((await sharp(thumbnail).stats()).channels[0]?.mean ?? -1);
      }
      expect(means.map(Math.round)).to.deep.equal([255, 0]);
      expect(await maker.make(content, 3)).to.equal(undefined);
    }
  });

  it("makes no second picture of what is small, and none of what is no image", async () => {
    const create = { width: 80, height: 60, channels: 3, background: "red" } as const;
    const { preview } = await made(await sharp({ create }).png().toBuffer());
    expect(preview).to.equal(undefined);
    expect(await maker.make(Buffer.from("no image"))).to.equal(undefined);
  });
});

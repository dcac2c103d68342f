import { PDFiumLibrary } from "@hyzyla/pdfium";
import { PDFDocument, rgb, StandardFonts } from "@cantoo/pdf-lib";
import sharp from "sharp";

/** A word and where it stands, in points from the upper left; `y` is that of the base line. */
export interface DrawnWord {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** A filled rectangle. */
export interface DrawnBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Red, green and blue from 0 to 255. */
  readonly color: readonly [number, number, number];
}

/** What stands on a page. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly words?: readonly DrawnWord[];
  readonly boxes?: readonly DrawnBox[];
}

/** A PDF of drawings, one a page, in Helvetica: it needs no fonts of the machine. */
export async function toPdf(...drawings: readonly Drawing[]): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const { width, height, words = [], boxes = [] } of drawings) {
    const page = document.addPage([width, height]);
    for (const { y, color, ...box } of boxes) {
      const [red, green, blue] = color;
      const fill = rgb(red / 255, green / 255, blue / 255);
      page.drawRectangle({ ...box, y: height - y - box.height, color: fill });
    }
    for (const { text, x, y, size } of words) {
      page.drawText(text, { x, y: height - y, size, font });
    }
  }
  return document.save();
}

/** The ink of a word in Helvetica, in points: its capitals are 0.72 of the size high, its tails 0.21. */
export async function extentOf({ text, x, y, size }: DrawnWord): Promise<Record<string, number>> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const tails = /[gjpqy]/.test(text) ? 0.21 * size : 0;
  return { x0: x, y0: y - 0.72 * size, x1: x + font.widthOfTextAtSize(text, size), y1: y + tails };
}

/** A PNG of a drawing, a pixel for each point. */
export async function toPng(drawing: Drawing): Promise<Buffer> {
  const library = await PDFiumLibrary.init();
  const document = await library.loadDocument(await toPdf(drawing));
  try {
    const { data, width, height } = await document
      .getPage(0)
      .render({ scale: 1, render: "bitmap" });
    return await sharp(data, { raw: { width, height, channels: 4 } })
      .png()
      .toBuffer();
  } finally {
    document.destroy();
    library.destroy();
  }
}

/** A picture that keeps the text engine busy for a tenth of a second at the least. */
export function drawNoise(): Promise<Buffer> {
  const side = 1500;
  const data = new Uint8Array(side * side);
  let state = 1;
  for (let i = 0; i < data.length; i += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state >>> 24;
  }
  return sharp(data, { raw: { width: side, height: side, channels: 1 } })
    .blur(2)
    .png()
    .toBuffer();
}

import { degrees, PDFDocument, rgb, StandardFonts } from "@cantoo/pdf-lib";
import sharp, { type Sharp } from "sharp";

/** Ways to make a PNG, by what it is then. */
export const pngKinds: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  gray: (image) => image.toColourspace("b-w").png(),
  "gray of 16 bits": (image) => image.toColourspace("grey16").png(),
  RGB: (image) => image.png(),
  "RGB of 16 bits": (image) => image.toColourspace("rgb16").png(),
  "palette of 1 bit": (image) => image.png({ palette: true, colours: 2, dither: 0 }),
  "palette of 4 bits": (image) => image.png({ palette: true, colours: 9, dither: 0 }),
  "palette of 8 bits": (image) => image.png({ palette: true, colours: 200 }),
  "palette with transparency": (image) => image.ensureAlpha(0.5).png({ palette: true }),
  alpha: (image) => image.ensureAlpha(0.5).png(),
  interlaced: (image) => image.png({ progressive: true }),
};

/** A picture of 61 by 43 as a PNG of some kind, and as it is to be seen on white. */
export async function pngOf(toKind: (image: Sharp) => Sharp) {
  const [width, height] = [61, 43];
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0; at < data.length; at++) data[at] = (at * at) % 251;
  const content = await toKind(sharp(data, { raw: { width, height, channels: 3 } })).toBuffer();
  const shown = sharp(content).flatten({ background: "white" }).toColourspace("srgb");
  return { content, upright: await shown.raw({ depth: "uchar" }).toBuffer() };
}

/** A picture of three colors in its corners, as a JPEG of an EXIF orientation and as it is to be seen. */
export async function orientedJpeg(orientation: number) {
  const [width, height] = [60, 40];
  const corner = (color: string) => ({
    input: { create: { width: 20, height: 20, channels: 3 as const, background: color } },
  });
  const content = await sharp({ create: { width, height, channels: 3, background: "white" } })
    .composite([
      { ...corner("red"), left: 0, top: 0 },
      { ...corner("lime"), left: 40, top: 0 },
      { ...corner("blue"), left: 0, top: 20 },
    ])
    .jpeg({ quality: 95 })
    .withMetadata({ orientation })
    .toBuffer();
  const image = sharp(content).autoOrient().removeAlpha().raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { content, upright: data, size: [info.width, info.height] };
}

/** A PDF of two pages, turned and cut, that share a font. */
export async function sourcePdf(angle: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  for (const number of [1, 2]) {
    const page = document.addPage([500, 400]);
    page.setCropBox(50, 60, 400, 300);
    page.setRotation(degrees(angle));
    // Leaves the coordinates changed to the end of the page.
    page.scaleContent(0.5, 0.5);
    page.drawText(`original ${number}`, { x: 200, y: 300, size: 20, font });
    page.drawRectangle({ x: 150, y: 200, width: 60, height: 30, color: rgb(1, 0, 0) });
  }
  return document.save();
}

import { expect } from "chai";
import sharp from "sharp";
import { decodeImage, maxSidePixels } from "../../../src/emulator/annotators/page-image.ts";

const size = { width: 4, height: 2 };
const orange = { r: 240, g: 120, b: 0 };

describe("decodeImage", () => {
  const plain = () => sharp({ create: { ...size, channels: 3, background: orange } });
  const clear = () =>
    sharp({ create: { ...size, channels: 4, background: { ...orange, alpha: 0 } } });
  const kinds: readonly (readonly [string, () => Promise<Buffer>, readonly number[]])[] = [
    ["PNG", () => plain().png().toBuffer(), [240, 120, 0]],
    ["PNG of 16 bits", () => plain().toColourspace("rgb16").png().toBuffer(), [240, 120, 0]],
    ["grey PNG", () => plain().toColourspace("b-w").png().toBuffer(), [144, 144, 144]],
    ["transparent PNG", () => clear().png().toBuffer(), [255, 255, 255]],
    ["transparent grey PNG", () => clear().toColourspace("b-w").png().toBuffer(), [255, 255, 255]],
    ["palette PNG", () => plain().png({ palette: true }).toBuffer(), [240, 120, 0]],
    ["grey JPEG", () => plain().toColourspace("b-w").jpeg().toBuffer(), [144, 144, 144]],
    ["CMYK JPEG", () => plain().toColourspace("cmyk").jpeg().toBuffer(), [240, 120, 0]],
    ["WebP", () => plain().webp({ lossless: true }).toBuffer(), [240, 120, 0]],
    ["GIF", () => plain().gif().toBuffer(), [240, 120, 0]],
    ["TIFF", () => plain().tiff().toBuffer(), [240, 120, 0]],
  ];
  for (const [kind, create, [red = 0, green = 0, blue = 0]] of kinds) {
    it(`makes three bytes a pixel of a ${kind}`, async () => {
      const { pixels, ...image } = await decodeImage(sharp, await create());
      expect(image).to.deep.equal({ ...size, unit: "pixel" });
      expect(pixels.data).to.have.lengthOf(4 * 2 * 3);
      const wide = kind === "CMYK JPEG" ? 40 : 12;
      expect(pixels.data[0]).to.be.closeTo(red, wide);
      expect(pixels.data[1]).to.be.closeTo(green, wide);
      expect(pixels.data[2]).to.be.closeTo(blue, wide);
    });
  }

  it("works on no more than the longest side allows, and knows the size of the picture", async () => {
    const background = "white";
    const large = sharp({ create: { width: 5000, height: 100, channels: 3, background } });
    const { pixels, width, height } = await decodeImage(sharp, await large.png().toBuffer());
    expect([width, height]).to.deep.equal([5000, 100]);
    expect([pixels.width, pixels.height]).to.deep.equal([maxSidePixels, 80]);
  });
});

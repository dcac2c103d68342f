import { readFile } from "node:fs/promises";
import { expect } from "chai";
import sharp from "sharp";
import { contentType } from "../../../src/cli/inputs/content-type.ts";

const inputs = new URL("../../../examples/inputs/", import.meta.url);
const pixel = { width: 1, height: 1, channels: 3, background: "red" } as const;

describe("contentType", () => {
  it("tells the formats of real files", async () => {
    const types = {
      "receipt.png": "image/png",
      "street-sign.jpg": "image/jpeg",
      "notice.gif": "image/gif",
      "minutes.tiff": "image/tiff",
      "report.pdf": "application/pdf",
    };
    for (const [name, type] of Object.entries(types)) {
      expect(contentType(await readFile(new URL(name, inputs)), "unnamed"), name).to.equal(type);
    }
    const webp = await sharp({ create: pixel }).webp().toBuffer();
    expect(contentType(webp, "unnamed")).to.equal("image/webp");
    expect(contentType(Buffer.from("BM\x46\0\0\0", "latin1"), "unnamed")).to.equal("image/bmp");
    expect(contentType(Buffer.from("0000010001001010", "hex"), "unnamed")).to.equal("image/x-icon");
  });

  it("takes the raw picture of a camera for an image, though it begins as a TIFF file does", async () => {
    const tiff = await readFile(new URL("minutes.tiff", inputs));
    expect(contentType(tiff, "scans/one.NEF")).to.equal("image/x-raw");
    expect(contentType(tiff, "scans/one.tif")).to.equal("image/tiff");
  });

  it("knows nothing of anything else", () => {
    for (const text of ["", "RIFF", "RIFF....WAVE", "text", "\x89PNG", "%PD"]) {
      expect(contentType(Buffer.from(text, "latin1"), "a.png"), text).to.equal(undefined);
    }
  });
});

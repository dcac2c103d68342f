import { expect } from "chai";
import sharp from "sharp";
import { createAnnotator, type Annotator } from "../../../src/emulator/annotators/annotator.ts";
import type { ColorInfoJson } from "../../../src/emulator/annotators/response-json.ts";
import { toPdf, toPng } from "./text-image.ts";

const properties = [{ type: "IMAGE_PROPERTIES" }];
const cropHints = [{ type: "CROP_HINTS" }];

/** Where two colours meet, the sample has a few mixed pixels. */
function expectColor(
  found: ColorInfoJson | undefined,
  [red, green, blue]: readonly [number, number, number],
): void {
  expect(found?.color.red ?? 0).to.be.closeTo(red, 3);
  expect(found?.color.green ?? 0).to.be.closeTo(green, 3);
  expect(found?.color.blue ?? 0).to.be.closeTo(blue, 3);
}

describe("annotations of pixels", () => {
  let annotator: Annotator;
  before(() => {
    annotator = createAnnotator({ workers: 1 });
  });
  after(() => annotator.close());

  describe("IMAGE_PROPERTIES", () => {
    it("tells the colours, their part of the picture and scores that prefer vivid ones", async () => {
      const content = await toPng({
        width: 400,
        height: 400,
        boxes: [
          { x: 0, y: 0, width: 400, height: 400, color: [240, 240, 240] },
          { x: 0, y: 0, width: 200, height: 200, color: [200, 0, 20] },
          { x: 200, y: 200, width: 100, height: 200, color: [0, 90, 220] },
        ],
      });
      const response = await annotator.annotateImage(content, properties, {});
      const colors = response.imagePropertiesAnnotation?.dominantColors.colors ?? [];
      const [first, second, third] = colors;
      expectColor(first, [200, 0, 20]);
      expect(first?.pixelFraction).to.be.closeTo(0.25, 0.01);
      expectColor(second, [0, 90, 220]);
      expect(second?.pixelFraction).to.be.closeTo(0.125, 0.01);
      expectColor(third, [240, 240, 240]);
      expect(third?.pixelFraction).to.be.closeTo(0.625, 0.02);
      const sum = (key: "score" | "pixelFraction"): number =>
        colors.reduce((total, color) => total + color[key], 0);
      expect(sum("score")).to.be.within(0.98, 1.0001);
      expect(sum("pixelFraction")).to.be.within(0.98, 1.0001);
      expect(first?.score).to.be.greaterThan(third?.score ?? 1);
    });

    it("tells at most as many colours as asked", async () => {
      const content = await toPng({
        width: 100,
        height: 100,
        boxes: [{ x: 0, y: 0, width: 50, height: 100, color: [0, 160, 0] }],
      });
      const asked = [{ type: "IMAGE_PROPERTIES", maxResults: 1 }];
      const response = await annotator.annotateImage(content, asked, {});
      const colors = response.imagePropertiesAnnotation?.dominantColors.colors;
      expect(colors?.map(({ color }) => color)).to.deep.equal([{ green: 160 }]);
    });

    it("keeps red and blue apart on a page of a PDF", async () => {
      const content = await toPdf({
        width: 100,
        height: 100,
        boxes: [{ x: 0, y: 0, width: 100, height: 100, color: [220, 30, 10] }],
      });
      const file = await annotator.openFile(content, "application/pdf");
      const response = await file.annotatePage(1, properties, {});
      const [first] = response.imagePropertiesAnnotation?.dominantColors.colors ?? [];
      expect(first?.color).to.deep.equal({ red: 220, green: 30, blue: 10 });
    });
  });

  describe("CROP_HINTS", () => {
    async function crops(aspectRatios?: readonly number[]) {
      const content = await toPng({
        width: 900,
        height: 300,
        boxes: [
          { x: 0, y: 0, width: 900, height: 300, color: [245, 245, 245] },
          { x: 690, y: 90, width: 120, height: 120, color: [210, 40, 40] },
        ],
      });
      const imageContext = aspectRatios === undefined ? {} : { cropHintsParams: { aspectRatios } };
      const response = await annotator.annotateImage(content, cropHints, { imageContext });
      return (response.cropHintsAnnotation?.cropHints ?? []).map((hint) => {
        const [from = {}, , to = {}] = hint.boundingPoly.vertices ?? [];
        const box = { x0: from.x ?? 0, y0: from.y ?? 0, x1: to.x ?? 0, y1: to.y ?? 0 };
        return { ...hint, ...box, ratio: (box.x1 - box.x0) / (box.y1 - box.y0) };
      });
    }

    it("gives a crop for each aspect ratio, around what stands out", async () => {
      const hints = await crops([1, 1.5]);
      expect(hints).to.have.lengthOf(2);
      for (const [n, ratio] of [1, 1.5].entries()) {
        const hint = hints[n];
        expect(hint?.ratio).to.be.closeTo(ratio, 0.01);
        expect(hint?.x0).to.be.at.most(690);
        expect(hint?.x1).to.be.within(810, 900);
        expect(hint?.y1).to.be.at.most(300);
        expect(hint?.importanceFraction).to.be.within(0.9, 1);
      }
    });

    it("leaves a side out of the crop that holds nothing", async () => {
      const [hint] = await crops([1]);
      expect(hint?.x0).to.be.at.least(400);
    });

    it("gives one crop of the picture's own ratio where none is asked", async () => {
      const hints = await crops();
      expect(hints).to.have.lengthOf(1);
      expect(hints[0]?.ratio).to.be.closeTo(3, 0.05);
    });

    it("ignores what is no ratio, and ratios after the sixteenth", async () => {
      expect(await crops([0, -2, Number.NaN, 1])).to.have.lengthOf(1);
      expect(await crops(Array.from({ length: 20 }, () => 1))).to.have.lengthOf(16);
    });
  });

  it("takes the first picture of an animated one, and pictures of a few pixels", async () => {
    const frames = await Promise.all(
      ["#00aa00", "#0000aa"].map((background) =>
        sharp({ create: { width: 3, height: 2, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer();
    const response = await annotator.annotateImage(gif, [...properties, ...cropHints], {});
    const [first] = response.imagePropertiesAnnotation?.dominantColors.colors ?? [];
    expect(first?.color).to.deep.equal({ green: 170 });
    expect(response.cropHintsAnnotation?.cropHints).to.have.lengthOf(1);
  });
});

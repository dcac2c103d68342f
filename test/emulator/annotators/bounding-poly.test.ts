import { expect } from "chai";
import { enclosingBox, polygonsOf } from "../../../src/emulator/annotators/bounding-poly.ts";
import type { PageImage } from "../../../src/emulator/annotators/page-image.ts";

function image(unit: PageImage["unit"], width: number, height: number): PageImage {
  return { pixels: { data: new Uint8Array(), width: 200, height: 100 }, width, height, unit };
}

describe("polygonsOf", () => {
  const box = { x0: 0, y0: 0, x1: 50, y1: 25 };

  it("leaves out coordinates that are 0, as proto3 JSON does", () => {
    expect(polygonsOf(image("pixel", 200, 100))(box)).to.deep.equal({
      vertices: [{}, { x: 50 }, { x: 50, y: 25 }, { y: 25 }],
    });
  });

  it("scales to the pixels of the picture", () => {
    const { vertices } = polygonsOf(image("pixel", 600, 300))(box);
    expect(vertices?.[2]).to.deep.equal({ x: 150, y: 75 });
  });

  it("normalises on a page that is measured in points", () => {
    expect(polygonsOf(image("point", 595, 842))(box)).to.deep.equal({
      normalizedVertices: [{}, { x: 0.25 }, { x: 0.25, y: 0.25 }, { y: 0.25 }],
    });
  });
});

describe("enclosingBox", () => {
  it("is the smallest around all", () => {
    const boxes = [
      { x0: 5, y0: 6, x1: 7, y1: 8 },
      { x0: 1, y0: 7, x1: 2, y1: 9 },
    ];
    expect(enclosingBox(boxes)).to.deep.equal({ x0: 1, y0: 6, x1: 7, y1: 9 });
  });
});

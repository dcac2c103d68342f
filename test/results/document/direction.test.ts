import { expect } from "chai";
import { readBox, uniteBoxes } from "../../../src/results/document/box.ts";
import { readPages, type PageView } from "../../../src/results/document/index.ts";
import { makePage, recordOf, type PageSpec } from "./page-fixture.ts";

function read(spec: PageSpec): PageView {
  return readPages(recordOf(makePage(spec)))[0]!;
}

describe("angle of text", () => {
  for (const turn of [0, 90, 180, -90] as const) {
    it(`is ${turn} on a page that is turned by it`, () => {
      const page = read({ turn, blocks: [{ text: "Some words\non two lines" }] });
      expect(page.angle).to.equal(turn);
      expect(page.words.map(({ box }) => box!.angle)).to.eql([turn, turn, turn, turn, turn]);
      expect(page.direction).to.equal("ltr");
      const { left, top, right, bottom } = page.lines[0]!.box!.pixels!;
      const [along, across] =
        turn % 180 === 0 ? [right - left, bottom - top] : [bottom - top, right - left];
      expect([along, across]).to.eql([100, 20]);
    });
  }

  it("is that of boxes that lie aslant, and their line lies as they do", () => {
    const slope = Math.tan((10 * Math.PI) / 180);
    const boxes = [0, 100, 200].map((x) => {
      const corner = (along: number, down: number): { x: number; y: number } => ({
        x: x + along + down * slope,
        y: 500 - (x + along) * slope + down,
      });
      const vertices = [corner(0, 0), corner(80, 0), corner(80, 20), corner(0, 20)];
      return readBox({ vertices }, undefined);
    });
    expect(boxes[0]!.angle).to.equal(10);
    const line = uniteBoxes(boxes, undefined)!;
    expect(line.angle).to.equal(10);
    const [first, second] = line.pixels!.corners;
    expect(Math.atan2(first!.y - second!.y, second!.x - first!.x)).to.be.closeTo(
      Math.PI / 18,
      1e-6,
    );
    expect(line.pixels!.left).to.be.closeTo(0, 1e-6);
  });

  it("is none where corners are off by a pixel, as rounding makes them", () => {
    const vertices = [
      { x: 10, y: 10 },
      { x: 40, y: 11 },
      { x: 40, y: 31 },
      { x: 11, y: 30 },
    ];
    expect(readBox({ vertices }, undefined)!.angle).to.equal(0);
  });
});

describe("direction of text", () => {
  it("is to the left in Hebrew and Arabic, with numbers as their paragraph", () => {
    const hebrew = { text: "שלום עולם\n12 34\nabc def", left: 900, mode: "rtl" } as const;
    const page = read({ blocks: [hebrew] });
    expect(page.lines.map(({ direction }) => direction)).to.eql(["rtl", "rtl", "ltr"]);
    expect(page.blocks[0]!.paragraphs[0]!.direction).to.equal("rtl");
    expect(page.direction).to.equal("rtl");
    expect(page.text).to.equal(hebrew.text);
    const arabic = read({ blocks: [{ text: "مرحبا", left: 900, mode: "rtl" }] });
    expect(arabic.direction).to.equal("rtl");
  });

  it("is down where Chinese and Japanese stand below each other", () => {
    const text = "日本 国民は\n正当に";
    for (const withoutSymbolBoxes of [false, true]) {
      const page = read({ blocks: [{ text, left: 900, mode: "ttb" }], withoutSymbolBoxes });
      expect(page.lines.map(({ direction }) => direction)).to.eql(["ttb", "ttb"]);
      expect(page.angle).to.equal(0);
      expect(page.direction).to.equal("ttb");
    }
    expect(read({ blocks: [{ text }] }).direction).to.equal("ltr");
  });

  it("is not down where Latin letters do", () => {
    expect(read({ blocks: [{ text: "abc", mode: "ttb" }] }).direction).to.equal("ltr");
  });
});

import { expect } from "chai";
import { readPages } from "../../../src/results/document/index.ts";
import { makePage, recordOf, type BlockSpec, type PageSpec } from "./page-fixture.ts";

/** The first letters of blocks in their order. */
function order(blocks: readonly BlockSpec[], spec: Partial<PageSpec> = {}): string {
  const record = recordOf(makePage({ ...spec, blocks }));
  const [page] = readPages(record, { readingOrder: "columns" });
  return page!.blocks.map(({ text }) => text[0]).join("");
}

const wide = (letter: string): string =>
  `${letter} title that spans both of the columns of its page`;
const body = (letter: string): string => `${letter} text of one\ncolumn`;

describe("reading order by columns", () => {
  const left = { top: 200, left: 100 };
  const right = { top: 200, left: 400 };
  const blocks = [
    { text: wide("A"), top: 100 },
    { ...left, text: body("B") },
    { ...right, text: body("D") },
    { ...left, top: 300, text: body("C") },
    { ...right, top: 300, text: body("E") },
    { text: wide("F"), top: 500 },
  ];

  it("reads a column to its end, between what spans both", () => {
    expect(order(blocks)).to.equal("ABCDEF");
    expect(order(blocks.toReversed())).to.equal("ABCDEF");
  });

  it("reads pages that are turned as they are read", () => {
    for (const turn of [90, 180, -90] as const) expect(order(blocks, { turn })).to.equal("ABCDEF");
  });

  it("reads the right column first where text is written to the left", () => {
    const hebrew = [
      { ...left, left: 300, mode: "rtl", text: "ב ראשון" },
      { ...right, left: 600, mode: "rtl", text: "א ראשון" },
    ] as const;
    expect(order(hebrew)).to.equal("אב");
  });

  it("reads columns of which one ends before the other", () => {
    const uneven = [
      { ...left, text: body("A") },
      { ...right, text: body("C") },
      { ...left, top: 300, text: body("B") },
    ];
    expect(order(uneven)).to.equal("ABC");
  });

  it("does not take a block at the right above one at the left for a column", () => {
    expect(
      order([
        { text: "Address", top: 200, left: 100 },
        { text: "Date", top: 100, left: 700 },
      ]),
    ).to.equal("DA");
  });

  it("keeps the order where a block has no place", () => {
    const page = makePage({
      blocks: [
        { text: "B", top: 300 },
        { text: "A", top: 100 },
      ],
    });
    const nowhere = { paragraphs: [{ words: [{ symbols: [{ text: "C" }] }] }] };
    const record = recordOf({ ...page, blocks: [...(page.blocks ?? []), nowhere] });
    const [view] = readPages(record, { readingOrder: "columns" });
    expect(view!.text).to.equal("B\nA\nC");
  });

  it("is not applied unless asked for", () => {
    const [page] = readPages(recordOf(makePage({ blocks: blocks.toReversed() })));
    expect(page!.blocks.map(({ text }) => text[0]).join("")).to.equal("FECDBA");
  });
});

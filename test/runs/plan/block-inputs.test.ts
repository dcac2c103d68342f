import { expect } from "chai";
import fc from "fast-check";
import { BlockInputs } from "../../../src/runs/plan/block-inputs.ts";
import { BlockWriter, decodeInputs, type BlockEntry } from "../../../src/runs/plan/input-block.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom('"', "\\", "],[", ',"', "é\n"),
);
const entry: fc.Arbitrary<BlockEntry> = fc.oneof(
  text,
  fc.tuple(text, fc.option(text)),
  fc.tuple(text, fc.option(text), fc.constantFrom("application/pdf", "image/tiff")),
);

describe("BlockInputs", () => {
  it("are the inputs that were written, one by one", () => {
    const inputs = fc.array(fc.tuple(entry, fc.integer({ min: 1, max: 3 })), {
      minLength: 1,
      maxLength: 20,
    });
    const kinds = fc.constantFrom("image" as const, "file" as const);
    fc.assert(
      fc.property(kinds, inputs, (kind, all) => {
        const writer = new BlockWriter();
        let index = 0;
        for (const [each, step] of all) writer.add(each, (index += step));
        const block = writer.take();
        const expected = decodeInputs(kind, block);
        const found = new BlockInputs(kind, block);
        expect(found.length).to.equal(all.length);
        expect(expected.map((_, position) => found.at(position))).to.deep.equal(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("have none before the first and behind the last", () => {
    const writer = new BlockWriter();
    writer.add("gs://scans/1.png", 7);
    const inputs = new BlockInputs("image", writer.take());
    expect(inputs.at(0)).to.deep.equal({ index: 7, uri: "gs://scans/1.png" });
    expect(inputs.at(1)).to.equal(undefined);
    expect(inputs.at(-1)).to.equal(undefined);
  });
});

import { expect } from "chai";
import { parseFormatFlags, type FormatFlags } from "../../src/cli/format-flags.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

describe("parseFormatFlags", () => {
  it("reads numbers, and one by another", () => {
    expect(parseFormatFlags({ format: "hocr", scale: "2.5" }).scale).to.equal(2.5);
    expect(parseFormatFlags({ format: "alto", scale: "300/72" }).scale).to.equal(300 / 72);
    expect(parseFormatFlags({ format: "pdf", dpi: "72" }).dpi).to.equal(72);
    expect(parseFormatFlags({})).to.deep.equal({
      ...{ readingOrder: undefined, scale: undefined, dpi: undefined, formulaGuard: undefined },
    });
  });

  it("refuses what is no number over 0", () => {
    for (const scale of ["0", "-1", "x", "1/0", "0/0", "1e3", "1/2/3", "", "Infinity"]) {
      const parse = () => parseFormatFlags({ format: "hocr", scale });
      expect(parse, scale).to.throw(UsageError, "--scale");
    }
  });

  it("refuses options of other formats, and names theirs", () => {
    const wrong: readonly FormatFlags[] = [
      { scale: "2" },
      { format: "pdf", scale: "2" },
      { format: "hocr", dpi: "300" },
      { format: "ndjson", formulaGuard: true },
      { format: "csv", readingOrder: "columns" },
    ];
    const messages = wrong.map((flags) => {
      try {
        parseFormatFlags(flags);
        return "taken";
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages).to.deep.equal([
      "--scale goes with --format hocr, alto",
      "--scale goes with --format hocr, alto",
      "--dpi goes with --format pdf",
      "--formula-guard goes with --format csv",
      "--reading-order goes with --format text, markdown, hocr, alto",
    ]);
  });
});

import { expect } from "chai";
import { splitFiles, splitImages } from "../../src/requests/index.ts";

const items = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("splitImages", () => {
  it("cuts at the limit of a request and keeps the order", () => {
    const parts = splitImages(items(4001));
    expect(parts.map((part) => part.length)).to.deep.equal([2000, 2000, 1]);
    expect(parts.flat()).to.deep.equal(items(4001));
  });

  it("makes no part of nothing", () => {
    expect(splitImages([])).to.deep.equal([]);
  });

  it("refuses a limit below one", () => {
    expect(() => splitImages([1], 0)).to.throw(RangeError);
  });
});

describe("splitFiles", () => {
  it("puts a hundred files in a request unless told otherwise", () => {
    expect(splitFiles(items(101)).map((part) => part.length)).to.deep.equal([100, 1]);
    expect(splitFiles(items(5), 2).map((part) => part.length)).to.deep.equal([2, 2, 1]);
  });
});

import { expect } from "chai";
import { placeSources, type ResultSource } from "../../src/results/result-source.ts";

describe("placeSources", () => {
  it("counts inputs on over the sources, where they tell no place of their own", () => {
    const sources = ["gs://b/1/", { inputs: ["a", { uri: "b", index: 7 }] }, { inputs: ["c"] }];
    const placed = placeSources(sources, { next: 0 });
    expect(placed.map(({ inputs }) => inputs)).to.deep.equal([
      undefined,
      [
        { uri: "a", index: 0 },
        { uri: "b", index: 7 },
      ],
      [{ uri: "c", index: 1 }],
    ]);
  });

  it("takes a list that makes its inputs as it is, and nothing else that is no array", () => {
    const inputs = { length: 1, at: () => ({ uri: "a", index: 3 }) };
    expect(placeSources({ inputs }, { next: 0 })[0]?.inputs).to.equal(inputs);
    for (const wrong of [new Set(["a"]), "gs://b/1.png"]) {
      const source = { inputs: wrong } as unknown as ResultSource;
      expect(() => placeSources(source, { next: 0 })).to.throw(TypeError);
    }
  });
});

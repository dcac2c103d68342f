import { expect } from "chai";
import { originOf } from "../../src/operations/index.ts";

describe("originOf", () => {
  const to = (uri: string) => ({ outputConfig: { gcsDestination: { uri } } });

  it("tells images by their number and the one prefix of the request", () => {
    const request = { requests: [{}, {}, {}], ...to("gs://b/out/") };
    expect(originOf("asyncBatchAnnotateImages", request)).to.deep.equal({
      kind: "asyncBatchAnnotateImages",
      size: 3,
      outputs: ["gs://b/out/"],
    });
  });

  it("tells files by the prefixes of each, none twice", () => {
    const request = { requests: [to("gs://b/1/"), to("gs://b/2/"), to("gs://b/1/"), {}] };
    expect(originOf("asyncBatchAnnotateFiles", request)).to.deep.include({
      size: 4,
      outputs: ["gs://b/1/", "gs://b/2/"],
    });
  });

  it("tells what it can of other requests", () => {
    expect(originOf("purgeProducts", { parent: "projects/p" })).to.deep.equal({
      kind: "purgeProducts",
      size: 0,
      outputs: [],
    });
  });
});

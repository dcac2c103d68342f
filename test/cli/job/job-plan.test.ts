import { expect } from "chai";
import type { InputKind, JobInput } from "../../../src/cli/inputs/input.ts";
import { attemptPrefix, planChunks } from "../../../src/cli/job/job-plan.ts";

const inputs = (kinds: readonly InputKind[]): JobInput[] =>
  kinds.map((kind, index) => ({ index, given: `${index}`, uri: `gs://bucket/${index}`, kind }));

describe("planChunks", () => {
  it("cuts images and documents apart, at their limits", () => {
    const images = new Array<InputKind>(2001).fill("image");
    const documents = new Array<InputKind>(101).fill("document");
    const chunks = planChunks(inputs([...documents, ...images]));
    expect(chunks.map((chunk) => [chunk.number, chunk.kind, chunk.inputs.length])).to.deep.equal([
      [0, "image", 2000],
      [1, "image", 1],
      [2, "document", 100],
      [3, "document", 1],
    ]);
  });

  it("keeps the order and the places of the inputs", () => {
    const [images, documents] = planChunks(inputs(["document", "image", "document", "image"]));
    expect(images?.inputs.map(({ index }) => index)).to.deep.equal([1, 3]);
    expect(documents?.inputs.map(({ index }) => index)).to.deep.equal([0, 2]);
  });
});

describe("attemptPrefix", () => {
  it("tells run, chunk and attempt", () => {
    const run = { output: "gs://bucket/out/", runId: "r" };
    expect(attemptPrefix(run, 12, 3)).to.equal("gs://bucket/out/r/000012/3/");
  });
});

import { expect } from "chai";
import { join } from "node:path";
import { controlReference } from "../../scripts/docs/control.ts";
import { entryPointProblems } from "../../scripts/docs/entry-points.ts";

const root = join(import.meta.dirname, "../..");

describe("the API reference", () => {
  it("is refused for each fault of the control tree, and for nothing else", async () => {
    expect(await controlReference(join(root, "temp"))).to.deep.equal([]);
  });

  it("has every subpath of the package", () => {
    expect(entryPointProblems(root)).to.deep.equal([]);
  });
});

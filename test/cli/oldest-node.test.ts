import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { complaintOfNode, oldestNode } from "../../src/cli/oldest-node.ts";

describe("the oldest Node of the command", () => {
  it("is that of package.json", async () => {
    const text = await readFile(join(import.meta.dirname, "../../package.json"), "utf8");
    const { engines } = JSON.parse(text) as { readonly engines: { readonly node: string } };
    expect(engines.node).to.equal(`>=${oldestNode}`);
  });

  it("is told to who has an older one", () => {
    for (const version of ["18.20.8", "20.20.2", "22.12.0"]) {
      expect(complaintOfNode(version)).to.equal(
        `vision-batch needs Node 22.13 or later; this is ${version}`,
      );
    }
  });

  it("will do, and so will later ones", () => {
    for (const version of ["22.13.0", "22.23.1", "24.0.0", "26.1.0", process.versions.node]) {
      expect(complaintOfNode(version)).to.equal(undefined);
    }
  });
});

import { expect } from "chai";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlReference } from "../../scripts/docs/control.ts";
import { externalAssets } from "../../scripts/docs/external-assets.ts";
import { entryPointProblems } from "../../scripts/docs/entry-points.ts";

const root = join(import.meta.dirname, "../..");

describe("the API reference", () => {
  it("is refused for each fault of the control tree, and for nothing else", async () => {
    expect(await controlReference(join(root, "temp"))).to.deep.equal([]);
  });

  it("is refused where a page would fetch something from elsewhere, not where it links there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "vision-batch-docs-"));
    try {
      const asset =
        '<script async src="https://cdn.example/a.js"></script><img src="assets/a.png">';
      await writeFile(join(folder, "a.html"), `${asset}<link rel="icon" href="//cdn.example/b">`);
      await writeFile(join(folder, "b.html"), '<a href="https://example.com/">there</a>');
      expect(externalAssets(folder)).to.deep.equal([
        "a.html fetches https://cdn.example/a.js",
        "a.html fetches //cdn.example/b",
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("has every subpath of the package", () => {
    expect(entryPointProblems(root)).to.deep.equal([]);
  });
});

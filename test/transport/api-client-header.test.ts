import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { apiClientHeader, packageVersion } from "../../src/transport/api-client-header.ts";

describe("apiClientHeader", () => {
  it("tells the version of package.json and what is beneath", async () => {
    const manifest = await readFile(join(import.meta.dirname, "../../package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    expect(packageVersion()).to.equal(version);
    const node = process.versions.node;
    const header = apiClientHeader({ gax: "6.17.0" });
    expect(header).to.equal(`gl-node/${node} gccl/${version} gax/6.17.0`);
  });
});

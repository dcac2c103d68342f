import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { isPermissive, licenceOf } from "../../../scripts/release/licences.ts";
import { bundledPackages, makeSbom } from "../../../scripts/release/make-sbom.ts";

const root = join(import.meta.dirname, "../../..");

describe("makeSbom", () => {
  it("lists what an install brings, with its licence, and nothing else", () => {
    const locked = {
      "": { version: "1.0.0" },
      "node_modules/a": { version: "1.0.0", license: "MIT", peer: true, dependencies: { b: "*" } },
      "node_modules/b": { version: "2.0.0", license: "GPL-3.0-only", dev: true },
      "node_modules/c": { version: "3.0.0", license: "MIT" },
    };
    const shipment = { name: "ours", version: "0.1.0", license: "Apache-2.0", packages: ["a"] };
    const { components } = makeSbom(locked, shipment);
    const found = components.map((each) => [each.name, each.version, licenceOf(each)]);
    expect(found).to.have.deep.members([
      ["a", "1.0.0", "MIT"],
      ["b", "2.0.0", "GPL-3.0-only"],
    ]);
  });
});

describe("isPermissive", () => {
  it("takes permissive licences and choices of them, and refuses all else", () => {
    for (const licence of ["MIT", "(MIT OR GPL-3.0-only)", "(Apache-2.0 AND BSD-3-Clause)"]) {
      expect(isPermissive(licence), licence).to.equal(true);
    }
    const refused = ["GPL-3.0-only", "LGPL-3.0-or-later", "(MIT AND MPL-2.0)", "AGPL-3.0", ""];
    for (const licence of [...refused, "SEE LICENSE IN LICENSE"]) {
      expect(isPermissive(licence), licence).to.equal(false);
    }
  });
});

describe("what is shipped", () => {
  it("is permissive, to the last package", async () => {
    const script = join(root, "scripts/release/sbom.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [script], { cwd: root });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.pop()).to.equal(`${lines.length} components`);
    const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
      dependencies: Readonly<Record<string, string>>;
    };
    const bundled = bundledPackages(join(root, "dist"));
    expect(bundled).to.include.members(["preact", "@bufbuild/protobuf"]);
    const names = lines.map((line) => line.slice(0, line.indexOf(" ")));
    expect(names).to.include.members([...Object.keys(manifest.dependencies), ...bundled]);
  });
});

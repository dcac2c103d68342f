// `node scripts/release/sbom.ts [--write FILE]`: lists what the package ships with and its licences, and
// writes its SBOM (CycloneDX). Fails where a licence is not permissive. Asks no registry.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isPermissive, licenceOf } from "./licences.ts";
import { bundledPackages, makeSbom } from "./make-sbom.ts";
import type { LockedPackages } from "./shipped-packages.ts";

const root = join(import.meta.dirname, "../..");
const { values } = parseArgs({ options: { write: { type: "string" } } });
const readJson = (name: string): unknown => JSON.parse(readFileSync(join(root, name), "utf8"));
const manifest = readJson("package.json") as {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
};
const { packages: locked } = readJson("package-lock.json") as { readonly packages: LockedPackages };
const built = join(root, "dist");
if (!existsSync(join(built, "index.js")))
  throw new Error("the package is not built: run `npm run build`");

const { name, version, license } = manifest;
const packages = [...Object.keys(manifest.dependencies), ...bundledPackages(built)];
const sbom = makeSbom(locked, { name, version, license, packages });
for (const component of sbom.components) {
  const licence = licenceOf(component);
  const verdict = isPermissive(licence) ? "" : "  NOT PERMISSIVE";
  process.stdout.write(`${component.name} ${component.version}: ${licence || "none"}${verdict}\n`);
  if (verdict !== "") process.exitCode = 1;
}
process.stdout.write(`${sbom.components.length} components\n`);
if (values.write !== undefined) {
  writeFileSync(values.write, `${JSON.stringify(sbom, undefined, 2)}\n`);
}

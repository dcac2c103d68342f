import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The source of every subpath that the package exports, in the order of the reference. */
export const entryPoints: Readonly<Record<string, string>> = {
  ".": "src/index.ts",
  "./document": "src/results/document/index.ts",
  "./export": "src/results/export/index.ts",
  "./report": "src/report/index.ts",
  "./workers": "src/workers/index.ts",
  "./emulator": "src/emulator/index.ts",
  "./v1": "src/protocol/v1.ts",
  "./v1p1beta1": "src/protocol/v1p1beta1.ts",
  "./v1p2beta1": "src/protocol/v1p2beta1.ts",
  "./v1p3beta1": "src/protocol/v1p3beta1.ts",
  "./v1p4beta1": "src/protocol/v1p4beta1.ts",
};

/** Where package.json and the entry points of the reference differ, a line each. */
export function entryPointProblems(root: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly exports: Readonly<Record<string, unknown>>;
  };
  const exported = Object.keys(manifest.exports).filter((path) => !path.endsWith(".json"));
  const documented = Object.keys(entryPoints);
  return [
    ...exported.filter((path) => !documented.includes(path)).map((path) => `no reference: ${path}`),
    ...documented.filter((path) => !exported.includes(path)).map((path) => `not exported: ${path}`),
  ];
}

import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const root = join(import.meta.dirname, "../..");
const specifiers = /(?<=\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)"([^"]+)"/g;

/** Declarations of packages that are bundled, and not installed with this one. */
const bundled = {
  "@bufbuild/protobuf/wire": "node_modules/@bufbuild/protobuf/dist/esm/wire/binary-encoding.d.ts",
};

/** A folder with the declarations of all sources, and the one for those that users reach. */
export interface DeclarationFolders {
  readonly from: string;
  readonly to: string;
}

/** Copies the declarations that lead on from some, given by their paths below the folder, and no others. */
export function copyDeclarations(
  entries: readonly string[],
  { from, to }: DeclarationFolders,
): void {
  const reached = new Set(entries);
  for (const path of reached) {
    const text = readFileSync(join(from, path), "utf8");
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), withBundled(text, path));
    for (const [, specifier = ""] of text.matchAll(specifiers)) {
      if (specifier.startsWith(".")) {
        reached.add(join(dirname(path), specifier.replace(/\.ts$/, ".d.ts")));
      }
    }
  }
  for (const [name, source] of Object.entries(bundled)) {
    mkdirSync(dirname(join(to, placeOf(name))), { recursive: true });
    copyFileSync(join(root, source), join(to, placeOf(name)));
  }
}

function withBundled(text: string, path: string): string {
  return text.replaceAll(specifiers, (quoted, name: string) => {
    if (!(name in bundled)) return quoted;
    return JSON.stringify(relative(dirname(path), placeOf(name)).replace(/\.d\.ts$/, ".js"));
  });
}

function placeOf(name: string): string {
  return `bundled/${name}.d.ts`;
}

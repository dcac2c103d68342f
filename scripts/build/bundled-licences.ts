import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** The packages that bundled files are of. */
export function packagesIn(files: readonly string[]): readonly string[] {
  return [...new Set(files.flatMap((path) => packageOf(path) ?? []))].sort();
}

/**
 * The licences of the packages that bundled files are of, which ask to go with every copy: comments of the
 * kind that bundlers keep.
 */
export function licencesOf(files: readonly string[]): string {
  const comments = packagesIn(files).map((name) =>
    licenceOf(
      name,
      files.filter((path) => packageOf(path) === name),
    ),
  );
  return comments.join("");
}

function packageOf(path: string): string | undefined {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

function licenceOf(name: string, files: readonly string[]): string {
  const folder = join(root, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly version: string;
  };
  const file = ["LICENSE", "LICENSE.md", "LICENSE.txt"]
    .map((each) => join(folder, each))
    .find((each) => existsSync(each));
  const text = file === undefined ? headersOf(files) : readFileSync(file, "utf8").trim();
  if (text === "") throw new Error(`${name} is bundled and has no licence beside it`);
  return `/*! ${name} ${version}\n${text.replaceAll("*/", "* /")}\n*/\n`;
}

/** The comments that files begin with: some packages have their licences nowhere else. */
function headersOf(files: readonly string[]): string {
  const headers = files.map((path) => {
    const [header = ""] = /^(\/\/.*\n)*/.exec(readFileSync(join(root, path), "utf8")) ?? [];
    return header.replaceAll(/^\/\/ ?/gm, "").trim();
  });
  return [...new Set(headers)].sort().join("\n\n");
}

import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The files of changes that are not released yet, in .changeset/ of a tree. */
export function changesetFiles(root: string): readonly string[] {
  const names = readdirSync(join(root, ".changeset"));
  return names.filter((name) => name.endsWith(".md") && name !== "README.md").sort();
}

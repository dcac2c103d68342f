import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

/** Files by path relative to a folder. */
export type FileMap = ReadonlyMap<string, Buffer>;

/** Every file under a folder but those named; empty where there is no folder. */
export function readFolder(folder: string, except: readonly string[] = []): FileMap {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    files
      .map((path) => [relative(folder, path), readFileSync(path)] as const)
      .filter(([path]) => !except.includes(path)),
  );
}

/** Puts `replacement` where `folder` is, in one rename, so that no reader meets half of it. */
export function replaceFolder(folder: string, replacement: string): void {
  const old = `${folder}.old-${process.pid}`;
  mkdirSync(dirname(folder), { recursive: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(replacement, folder);
  rmSync(old, { recursive: true, force: true });
}

/** Writes files under a folder, making the folders they need. */
export function writeFolder(folder: string, files: FileMap): void {
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** What differs between two sets of files, a line each. */
export function describeDifference(wanted: FileMap, found: FileMap): string[] {
  const lines: string[] = [];
  for (const [path, content] of wanted) {
    const other = found.get(path);
    if (other === undefined) lines.push(`missing: ${path}`);
    else if (!content.equals(other)) lines.push(`differs: ${path}`);
  }
  for (const path of found.keys()) if (!wanted.has(path)) lines.push(`not generated: ${path}`);
  return lines;
}

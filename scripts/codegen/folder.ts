import {
  existsSync,
  mkdirSync,
  mkdtempSync,
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

/** Puts what lies at `by` where `path` is; what was there goes to the folder `old`. Half of either is never there. */
export function replace(path: string, { by, old }: { readonly by: string; readonly old: string }) {
  if (existsSync(path)) renameSync(path, join(old, `${readdirSync(old).length}`));
  renameSync(by, path);
}

/** Makes a folder to work in, and clears away those of processes that were killed. */
export function makeScratch(parent: string, prefix: string): string {
  for (const name of readdirSync(parent)) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : NaN;
    if (!Number.isNaN(owner) && !isAlive(owner)) rmSync(join(parent, name), { recursive: true });
  }
  return mkdtempSync(join(parent, `${prefix}${process.pid}-`));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
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

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { CodegenError } from "./codegen-error.ts";
import { protoPackages } from "./config.ts";
import type { ProtoFile, ProtoSource } from "./proto-source.ts";

/** `protos/googleapis.lock.json`: which files, of which version of which package, with which content. */
export interface Lock {
  readonly packages: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly package: string; readonly sha256: string }>>;
}

/** The lock that a set of files yields. */
export function lockOf(files: readonly ProtoFile[], source: ProtoSource): Lock {
  return {
    packages: Object.fromEntries(protoPackages.map((each) => [each.name, source.version(each)])),
    files: Object.fromEntries(
      files.map((file) => [file.path, { package: file.packageName, sha256: digest(file.content) }]),
    ),
  };
}

/** Reads a lock file. */
export function readLock(path: string): Lock {
  if (!existsSync(path)) {
    throw new CodegenError(`${path} is missing: run \`npm run codegen -- --update\` to write it`);
  }
  return parseLock(readFileSync(path, "utf8"), path);
}

/** Parses the text of a lock file; `name` is what an error calls it. */
export function parseLock(text: string, name: string): Lock {
  try {
    return JSON.parse(text) as Lock;
  } catch (error) {
    throw new CodegenError(`${name} is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

/** Throws unless the files are the locked ones, byte by byte; names every file that is not. */
export function checkAgainstLock(files: readonly ProtoFile[], lock: Lock): void {
  const problems: string[] = [];
  const seen = new Set(files.map(({ path }) => path));
  for (const file of files) {
    const locked = lock.files[file.path];
    const of = `${file.packageName} (locked at ${lock.packages[file.packageName] ?? "no version"})`;
    if (locked === undefined) problems.push(`${file.path} of ${of} is not in the lock`);
    else if (locked.sha256 !== digest(file.content)) {
      problems.push(
        `${file.path} of ${of} has sha256 ${digest(file.content)}, not ${locked.sha256}`,
      );
    }
  }
  for (const [path, locked] of Object.entries(lock.files)) {
    if (!seen.has(path))
      problems.push(`${path} of ${locked.package} is in the lock and is missing`);
  }
  if (problems.length === 0) return;
  throw new CodegenError(
    `the .proto files are not those of protos/googleapis.lock.json:\n  ${problems.join("\n  ")}\n` +
      "run `npm ci`, or `npm run codegen -- --update` if the change is wanted",
  );
}

/** What differs between two locks, a line each; empty when nothing does. */
export function describeLockChange(before: Lock, after: Lock): string[] {
  const lines: string[] = [];
  for (const name of new Set([...Object.keys(before.packages), ...Object.keys(after.packages)])) {
    const [from, to] = [before.packages[name], after.packages[name]];
    if (from !== to) lines.push(`${name}: ${from ?? "absent"} -> ${to ?? "absent"}`);
  }
  const paths = new Set([...Object.keys(before.files), ...Object.keys(after.files)]);
  for (const path of [...paths].sort()) {
    const [from, to] = [before.files[path]?.sha256, after.files[path]?.sha256];
    if (from === to) continue;
    lines.push(
      `${from === undefined ? "added" : to === undefined ? "removed" : "changed"}: ${path}`,
    );
  }
  return lines;
}

function digest(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

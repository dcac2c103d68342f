import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CodegenError } from "./codegen-error.ts";
import { root } from "./config.ts";
import { writeFolder } from "./folder.ts";
import { checkAgainstLock, describeLockChange, parseLock, readLock, type Lock } from "./lock.ts";
import { asFileMap, npmSource, readFiles, type ProtoFile } from "./proto-source.ts";

const lockName = "protos/googleapis.lock.json";

/** What a new lock is made of. */
export interface Update {
  readonly files: readonly ProtoFile[];
  readonly lock: Lock;
  /** A folder to work in. */
  readonly scratch: string;
}

/** Tells what a new lock changes in the committed one, and what that breaks. */
export function describeUpdate(update: Update): string {
  const before = committedLock();
  if (before === undefined) return "a first lock\n";
  const changes = describeLockChange(before, update.lock);
  if (changes.length === 0) return "nothing changed\n";
  return `${changes.join("\n")}\n${describeBreaking(update, before)}`;
}

/** The lock of the last commit; where git cannot tell, the one on disk. */
function committedLock(): Lock | undefined {
  const { status, stdout } = spawnSync("git", ["show", `HEAD:./${lockName}`], {
    cwd: root,
    encoding: "utf8",
  });
  if (status === 0) return parseLock(stdout, `${lockName} of the last commit`);
  const onDisk = join(root, lockName);
  return existsSync(onDisk) ? readLock(onDisk) : undefined;
}

/** Installs the packages of the lock aside and lets buf compare: the one step that needs the registry. */
function describeBreaking({ files, scratch }: Update, before: Lock): string {
  const installed = npmSource(installAside(before, join(scratch, "before")));
  const old = readFiles(installed, Object.keys(before.files));
  checkAgainstLock(old, before);
  const now = writeModule(join(scratch, "now"), files);
  const then = writeModule(join(scratch, "then"), old);
  const { status, stdout, stderr } = spawnSync("buf", ["breaking", now, "--against", then], {
    cwd: root,
    encoding: "utf8",
  });
  if (status === 0) return "buf breaking: nothing breaks\n";
  // Of other codes, 100 tells that the comparison was made.
  if (status !== 100) throw new CodegenError(`buf breaking failed:\n${stderr}${stdout}`);
  return `buf breaking:\n${stdout.replaceAll(`${now}/`, "")}`;
}

/** A folder that buf takes for a checkout of this repository, so that the rules of buf.yaml hold. */
function writeModule(folder: string, files: readonly ProtoFile[]): string {
  writeFolder(join(folder, "protos"), asFileMap(files));
  copyFileSync(join(root, "buf.yaml"), join(folder, "buf.yaml"));
  return relative(root, folder);
}

/** The node_modules folder that holds the packages of a lock. */
function installAside(lock: Lock, folder: string): string {
  const specifiers = Object.entries(lock.packages).map(([name, version]) => `${name}@${version}`);
  const options = ["--ignore-scripts", "--no-audit", "--no-fund"];
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  try {
    execFileSync("npm", ["install", ...options, ...specifiers], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  } catch (error) {
    throw new CodegenError(`cannot install ${specifiers.join(" ")} to compare with`, {
      cause: error,
    });
  }
  return join(folder, "node_modules");
}

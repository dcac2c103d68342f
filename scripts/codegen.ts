import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CodegenError } from "./codegen/codegen-error.ts";
import { protoPackages, root } from "./codegen/config.ts";
import {
  describeDifference,
  readFolder,
  replaceFolder,
  writeFolder,
  type FileMap,
} from "./codegen/folder.ts";
import { buf, generate } from "./codegen/generate.ts";
import {
  checkAgainstLock,
  describeLockChange,
  lockOf,
  readLock,
  type Lock,
} from "./codegen/lock.ts";
import { checkoutSource, npmSource, readClosure, type ProtoFile } from "./codegen/proto-source.ts";

const protosFolder = join(root, "protos");
const generatedFolder = join(root, "generated");
const lockPath = join(protosFolder, "googleapis.lock.json");
const usage = `npm run codegen -- [--check | --update] [--googleapis DIR]

  (nothing)         sync the locked .proto files into protos/ and generate generated/
  --check           fail when protos/ or generated/ is not what the lock yields; writes nothing
  --update          write the lock anew from the installed packages and show what changed
  --googleapis DIR  take the .proto files from a checkout of googleapis
`;

try {
  main();
} catch (error) {
  if (!(error instanceof CodegenError)) throw error;
  process.stderr.write(`codegen: ${error.message}\n`);
  process.exitCode = 1;
}

function main(): void {
  const { check, update, googleapis, help } = readArguments();
  if (help) {
    process.stdout.write(usage);
    return;
  }
  if (update && (check || googleapis !== undefined)) {
    throw new CodegenError(`--update goes with no other option\n${usage}`);
  }
  const source =
    googleapis === undefined ? npmSource(join(root, "node_modules")) : checkoutSource(googleapis);
  const files = readClosure(source);
  const scratch = mkdtempSync(join(root, "node_modules", ".codegen-"));
  try {
    const lock = update ? lockOf(files, source) : readLock(lockPath);
    if (update) showChanges(files, lock, scratch);
    else checkAgainstLock(files, lock);
    const made = make(files, scratch);
    if (check) return void checkOnDisk(made);
    if (update) writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
    install(made);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        check: { type: "boolean", default: false },
        update: { type: "boolean", default: false },
        googleapis: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new CodegenError(`${(error as Error).message}\n${usage}`);
  }
}

interface Made {
  readonly protos: string;
  readonly generated: string;
}

/** Syncs and generates in a scratch folder: what is on disk stays whole until all is made. */
function make(files: readonly ProtoFile[], scratch: string): Made {
  const made = { protos: join(scratch, "protos"), generated: join(scratch, "generated") };
  writeFolder(made.protos, asMap(files));
  mkdirSync(made.generated);
  generate(made.protos, made.generated, scratch);
  return made;
}

function install(made: Made): void {
  const readme = readFolder(generatedFolder).get("README.md");
  if (readme !== undefined) writeFolder(made.generated, new Map([["README.md", readme]]));
  replaceFolder(join(protosFolder, "google"), join(made.protos, "google"));
  replaceFolder(generatedFolder, made.generated);
}

function checkOnDisk(made: Made): void {
  const problems = [
    ...difference(made, "protos", ["googleapis.lock.json", "README.md"]),
    ...difference(made, "generated", ["README.md"]),
  ];
  if (problems.length === 0) return;
  throw new CodegenError(
    `the output on disk is not what the lock yields; run \`npm run codegen\`:\n  ${problems.join("\n  ")}`,
  );
}

function difference(made: Made, name: keyof Made, except: readonly string[]): string[] {
  const lines = describeDifference(readFolder(made[name]), readFolder(join(root, name), except));
  return lines.map((line) => line.replace(": ", `: ${name}/`));
}

/** Tells what the new lock changes, and what that breaks. */
function showChanges(files: readonly ProtoFile[], lock: Lock, scratch: string): void {
  const committed = committedLock();
  const changes = committed === undefined ? ["a first lock"] : describeLockChange(committed, lock);
  process.stdout.write(changes.length === 0 ? "nothing changed\n" : `${changes.join("\n")}\n`);
  if (committed !== undefined && changes.length > 0) showBreaking(files, committed, scratch);
}

function committedLock(): Lock | undefined {
  try {
    const text = execFileSync("git", ["show", "HEAD:protos/googleapis.lock.json"], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return JSON.parse(text) as Lock;
  } catch {
    return undefined;
  }
}

/** Installs the packages of the committed lock aside and lets buf compare: the one step that needs the registry. */
function showBreaking(files: readonly ProtoFile[], committed: Lock, scratch: string): void {
  const before = readClosure(npmSource(installAside(committed, join(scratch, "before"))));
  checkAgainstLock(before, committed);
  const [now, then] = [join(scratch, "now"), join(scratch, "then")];
  writeFolder(now, asMap(files));
  writeFolder(then, asMap(before));
  try {
    buf(["breaking", now, "--against", then]);
    process.stdout.write("buf breaking: nothing breaks\n");
  } catch (error) {
    process.stdout.write(`${(error as Error).message}\n`);
  }
}

/** The node_modules folder that holds the packages of a lock. */
function installAside(lock: Lock, folder: string): string {
  const specifiers = protoPackages.map(({ name }) => `${name}@${lock.packages[name] ?? "latest"}`);
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

function asMap(files: readonly ProtoFile[]): FileMap {
  return new Map(files.map(({ path, content }) => [path, content]));
}

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
  if (help) return void process.stdout.write(usage);
  const source =
    googleapis === undefined ? npmSource(join(root, "node_modules")) : checkoutSource(googleapis);
  const files = readClosure(source);
  const scratch = mkdtempSync(join(root, "node_modules", ".codegen-"));
  try {
    if (update) updateLock(files, lockOf(files, source), scratch);
    else checkAgainstLock(files, readLock(lockPath));
    const made = make(files, scratch);
    if (check) checkOnDisk(made);
    else install(made);
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
    ...difference("protos", made.protos, protosFolder, ["googleapis.lock.json", "README.md"]),
    ...difference("generated", made.generated, generatedFolder, ["README.md"]),
  ];
  if (problems.length === 0) return;
  throw new CodegenError(
    `the output on disk is not what the lock yields; run \`npm run codegen\`:\n  ${problems.join("\n  ")}`,
  );
}

function difference(
  name: string,
  wanted: string,
  found: string,
  except: readonly string[],
): string[] {
  const lines = describeDifference(readFolder(wanted), readFolder(found, except));
  return lines.map((line) => line.replace(": ", `: ${name}/`));
}

function updateLock(files: readonly ProtoFile[], lock: Lock, scratch: string): void {
  const committed = committedLock();
  const changes = committed === undefined ? ["a first lock"] : describeLockChange(committed, lock);
  process.stdout.write(changes.length === 0 ? "nothing changed\n" : `${changes.join("\n")}\n`);
  if (committed !== undefined && changes.length > 0) showBreaking(files, committed, scratch);
  mkdirSync(protosFolder, { recursive: true });
  writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
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
  const aside = join(scratch, "before");
  mkdirSync(aside);
  writeFileSync(join(aside, "package.json"), '{ "private": true }\n');
  const specifiers = protoPackages.map(
    ({ name }) => `${name}@${committed.packages[name] ?? "latest"}`,
  );
  execFileSync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...specifiers], {
    cwd: aside,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const before = readClosure(npmSource(join(aside, "node_modules")));
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

function asMap(files: readonly ProtoFile[]): FileMap {
  return new Map(files.map(({ path, content }) => [path, content]));
}

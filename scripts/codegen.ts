import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CodegenError } from "./codegen/codegen-error.ts";
import { describeUpdate } from "./codegen/compare-locks.ts";
import { root } from "./codegen/config.ts";
import {
  describeDifference,
  makeScratch,
  readFolder,
  replace,
  writeFolder,
} from "./codegen/folder.ts";
import { generate } from "./codegen/generate.ts";
import { checkAgainstLock, lockOf, readLock } from "./codegen/lock.ts";
import {
  asFileMap,
  checkoutSource,
  npmSource,
  readClosure,
  type ProtoFile,
} from "./codegen/proto-source.ts";

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
  const scratch = makeScratch(join(root, "node_modules"), ".codegen-");
  try {
    const lock = update ? lockOf(files, source) : readLock(lockPath);
    if (update) process.stdout.write(describeUpdate({ files, lock, scratch }));
    else checkAgainstLock(files, lock);
    const made = make(files, scratch);
    if (check) return void checkOnDisk(made);
    if (update) writeFileSync(lockPath, `${JSON.stringify(lock, null, 2)}\n`);
    install(made, join(scratch, "old"));
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
  writeFolder(made.protos, asFileMap(files));
  mkdirSync(made.generated);
  generate(made.protos, made.generated, scratch);
  return made;
}

/** Entry by entry, for generated/ also holds a page that is not generated. */
function install(made: Made, old: string): void {
  mkdirSync(old);
  replace(join(protosFolder, "google"), { by: join(made.protos, "google"), old });
  const names = readdirSync(made.generated);
  for (const name of readdirSync(generatedFolder)) {
    const isStray = name !== "README.md" && !names.includes(name);
    if (isStray) rmSync(join(generatedFolder, name), { recursive: true });
  }
  for (const name of names) {
    replace(join(generatedFolder, name), { by: join(made.generated, name), old });
  }
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

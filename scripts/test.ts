import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { run } from "./setup/run.mjs";
import { countsVariable, type Counts } from "./test/counting-reporter.ts";
import { shuffle } from "./test/shuffle.ts";

const root = join(import.meta.dirname, "..");
const reporter = join(import.meta.dirname, "test/counting-reporter.ts");
const usage = `npm test -- [FILE...] [--grep PATTERN] [--shuffle SEED] [--serial]

  FILE            test files; all of test/ where none is named
  --grep PATTERN  only the tests whose full name matches
  --shuffle SEED  the files in an order drawn from the seed, one after the other
  --serial        one file after the other in one process, rather than two at a time
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  if (values.help) return print(usage, 0);
  const found = positionals.length > 0 ? positionals : testFiles();
  const files = values.shuffle === undefined ? found : shuffle(found, values.shuffle);
  const isSerial = values.serial || values.shuffle !== undefined;
  const options = [
    ...(isSerial ? [] : ["--parallel", "--jobs", "2"]),
    ...(values.grep === undefined ? [] : ["--grep", values.grep]),
  ];
  const { passed, failed, code } = await runMocha([...options, ...files]);
  return print(`${String(passed)} passed, ${String(failed)} failed\n`, code);
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        grep: { type: "string" },
        shuffle: { type: "string" },
        serial: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

function testFiles(): string[] {
  return globSync("test/**/*.test.ts", { cwd: root }).sort();
}

/** Runs mocha and counts; whatever makes it end badly without a failing test is one failure. */
async function runMocha(args: readonly string[]): Promise<Counts & { readonly code: number }> {
  const scratch = mkdtempSync(join(tmpdir(), "vision-batch-test-"));
  const countsFile = join(scratch, "counts.json");
  try {
    const mocha = [process.execPath, join(root, "node_modules/mocha/bin/mocha.js")];
    const { code, signal } = await run([...mocha, "--reporter", reporter, ...args], {
      cwd: root,
      env: { ...process.env, [countsVariable]: countsFile },
      stdio: "inherit",
    });
    const { passed, failed } = existsSync(countsFile)
      ? (JSON.parse(readFileSync(countsFile, "utf8")) as Counts)
      : { passed: 0, failed: 0 };
    const isEmpty = passed + failed === 0;
    if (isEmpty) process.stdout.write("no test ran\n");
    const isBad = failed > 0 || isEmpty || code !== 0 || signal !== null;
    return { passed, failed: isBad ? Math.max(failed, 1) : 0, code: isBad ? 1 : 0 };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function print(text: string, code: number): number {
  process.stdout.write(text);
  return code;
}

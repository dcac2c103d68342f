/**
 * `npm start`: annotates `examples/inputs/` with `vision-batch annotate` on the embedded emulator,
 * shows the text that was found and compares it with `examples/inputs/expected.json`. One of the
 * files is broken on purpose. Exits 0 only when everything came out as expected.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { escapeForTerminal } from "../src/cli/render/escape.ts";

/** What is expected of one file. */
interface Expected {
  readonly pages: number;
  /** Pieces of text that must be found. */
  readonly contains: readonly string[];
  /** The error, for a file that cannot be annotated. */
  readonly error?: string;
}

interface Annotated {
  readonly status: string;
  readonly error?: { readonly message: string };
  readonly response?: { readonly fullTextAnnotation?: { readonly text?: string } };
}

/** A line of the output of `vision-batch annotate`. */
interface OutputRecord extends Annotated {
  readonly input: string;
  readonly pages?: readonly Annotated[];
}

const root = join(import.meta.dirname, "..");
const inputs = relative(process.cwd(), join(root, "examples/inputs"));

const expectations = JSON.parse(await readFile(join(inputs, "expected.json"), "utf8")) as Readonly<
  Record<string, Expected>
>;
const folder = await mkdtemp(join(tmpdir(), "vision-batch-demo-"));
try {
  process.exitCode = await run(join(folder, "results.ndjson"));
} finally {
  await rm(folder, { recursive: true });
}

async function run(out: string): Promise<number> {
  const exitCode = await annotate(out);
  // Nothing is written where the command fails; then every record is missed below.
  const written = await readFile(out, "utf8").catch(() => "");
  const lines = written.split("\n").filter((line) => line !== "");
  const records = lines.map((line) => JSON.parse(line) as OutputRecord);
  const problems: string[] = [];
  // The broken file makes it 1: some inputs have no complete result.
  if (exitCode !== 1) problems.push(`the exit code is ${exitCode}, expected 1`);
  if (records.length !== Object.keys(expectations).length) {
    problems.push(`${records.length} records for ${Object.keys(expectations).length} files`);
  }
  for (const [name, expected] of Object.entries(expectations)) {
    const record = records.find(({ input }) => input === join(inputs, name));
    if (record === undefined) problems.push(`${name}: no record`);
    else problems.push(...check(record, expected).map((problem) => `${name}: ${problem}`));
    if (record !== undefined) show(name, record);
  }
  return conclude(problems);
}

/** Runs the command as a user does, from what was built. */
async function annotate(out: string): Promise<number> {
  const command = [
    ...["dist/cli.js", "annotate"],
    ...Object.keys(expectations).map((name) => join(inputs, name)),
    ...["--features", "TEXT_DETECTION,IMAGE_PROPERTIES", "--output", "gs://demo/results/"],
    ...["--emulator", "--out", out],
  ];
  process.stdout.write(`$ vision-batch ${command.slice(1).join(" ")}\n`);
  const [script = "", ...args] = command;
  const child = spawn(process.execPath, [join(root, script), ...args], { stdio: "inherit" });
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? -1;
}

function check(record: OutputRecord, expected: Expected): string[] {
  const problems: string[] = [];
  const status = expected.error === undefined ? "succeeded" : "failed";
  if (record.status !== status) problems.push(`it ${record.status}, expected ${status}`);
  if (record.error?.message !== expected.error) {
    problems.push(
      `the error is ${record.error?.message ?? "none"}, expected ${expected.error ?? "none"}`,
    );
  }
  const pages = record.pages?.length ?? 1;
  if (pages !== expected.pages) problems.push(`${pages} pages, expected ${expected.pages}`);
  const text = textOf(record).replaceAll(/\s+/g, " ");
  for (const piece of expected.contains) {
    if (!text.includes(piece)) problems.push(`the text lacks ${JSON.stringify(piece)}`);
  }
  return problems;
}

function show(name: string, record: OutputRecord): void {
  const pages = record.pages === undefined ? "" : `, ${record.pages.length} pages`;
  process.stdout.write(`\n${name} (${record.status}${pages})\n`);
  const text = record.error?.message ?? textOf(record);
  for (const line of text.trimEnd().split("\n")) {
    process.stdout.write(`  | ${escapeForTerminal(line)}\n`);
  }
}

function textOf(record: OutputRecord): string {
  const parts: readonly Annotated[] = record.pages ?? [record];
  return parts.map(({ response }) => response?.fullTextAnnotation?.text ?? "").join("\n");
}

function conclude(problems: readonly string[]): number {
  if (problems.length === 0) {
    process.stdout.write(
      "\nEverything came out as expected: every readable file has its text, the broken one its error.\n",
    );
    return 0;
  }
  process.stderr.write("\nThis is not what was expected:\n");
  for (const problem of problems) process.stderr.write(`  ${escapeForTerminal(problem)}\n`);
  return 1;
}

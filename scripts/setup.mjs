// @ts-check
// Plain JavaScript for the Node that is on the machine: everything else runs on the Node that
// `npm ci` brings (the `node` devDependency), which may not be there yet.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { withLock } from "./setup/lock.mjs";
import { endAs, run } from "./setup/run.mjs";
import { digestOf, forgetInstall, isInstalled, isStamped, writeStamp } from "./setup/stamp.mjs";

/**
 * Something to run before the command, unless what it makes is there and up to date.
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly string[]} command
 * @property {readonly string[]} outputs
 * @property {string} path the search path of the command
 * @property {() => void} forget makes it run again next time
 * @property {() => () => void} begin answers what records that it succeeded
 * @property {() => boolean} isCurrent
 */

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const binaries = join(root, "node_modules", ".bin");
const machinePath = (process.env["PATH"] ?? "")
  .split(delimiter)
  .filter((folder) => folder !== binaries)
  .join(delimiter);
const ownPath = `${binaries}${delimiter}${machinePath}`;

const command = process.argv.slice(2);
const installOnly = command[0] === "--install-only";
if (installOnly) command.shift();

/** @type {readonly Stage[]} */
const stages = installOnly ? [install()] : [install(), codegen(), build()];

if (!stages.every(isDone)) {
  const failure = await withLock(join(root, "temp", "set-up.lock"), setUp);
  if (failure !== undefined) await endAs(failure);
}
if (command.length > 0) await endAs(await run(command, inRoot(ownPath, "inherit")));

/** @returns {Promise<import("./setup/run.mjs").Ending | undefined>} how the stage that failed ended */
async function setUp() {
  for (const stage of stages) {
    if (isDone(stage)) continue;
    process.stderr.write(`set-up: ${stage.name}\n`);
    const succeed = stage.begin();
    stage.forget();
    const ending = await run(stage.command, inRoot(stage.path, ["ignore", 2, 2]));
    if (ending.code !== 0 || ending.signal !== null) {
      stage.forget();
      const how = ending.signal ?? `exit code ${ending.code}`;
      process.stderr.write(`set-up: ${stage.name} failed: ${stage.command.join(" ")}: ${how}\n`);
      return ending;
    }
    const absent = stage.outputs.filter((output) => !existsSync(join(root, output)));
    if (absent.length > 0) {
      stage.forget();
      process.stderr.write(`set-up: ${stage.name} did not make ${absent.join(", ")}\n`);
      return { code: 1, signal: null };
    }
    succeed();
  }
  return undefined;
}

/** @param {Stage} stage */
function isDone(stage) {
  return stage.outputs.every((output) => existsSync(join(root, output))) && stage.isCurrent();
}

/**
 * npm ci, on the machine's own Node, for it removes the one in node_modules. `--include=dev`, since
 * the toolchain is needed even where NODE_ENV is production.
 * @returns {Stage}
 */
function install() {
  return {
    name: "install",
    command: ["npm", "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    outputs: ["node_modules/.bin/node"],
    path: machinePath,
    forget: () => forgetInstall(root),
    begin: () => () => undefined,
    isCurrent: () => isInstalled(root),
  };
}

/** @returns {Stage} */
function codegen() {
  const configuration = readdirSync(root).filter((name) => /^buf\..*yaml$/.test(name));
  const sources = ["scripts/codegen", "protos/googleapis.lock.json", "package-lock.json"];
  const generated = ["google", "index.ts", "json", "methods"].map((name) => `generated/${name}`);
  const outputs = [...generated, "protos/google"];
  return scriptStage("codegen", [...sources, ...configuration], outputs);
}

/** @returns {Stage} */
function build() {
  const configuration = ["tsconfig.json", "tsconfig.build.json"];
  const sources = ["src", "generated", "pages", "package.json", "package-lock.json"];
  return scriptStage(
    "build",
    ["scripts/build", "scripts/verify/room-table.ts", ...sources, ...configuration],
    ["dist/index.js"],
  );
}

/**
 * A script that runs again when it or what it reads has changed.
 * @param {string} name
 * @param {readonly string[]} inputs
 * @param {readonly string[]} outputs
 * @returns {Stage}
 */
function scriptStage(name, inputs, outputs) {
  const script = `scripts/${name}.ts`;
  const stamp = join(root, "node_modules", ".vision-batch", name);
  const digest = () => digestOf(root, [script, ...inputs]);
  return {
    name,
    command: ["node", script],
    outputs,
    path: ownPath,
    forget: () => rmSync(stamp, { force: true }),
    begin: () => {
      // Of the inputs as they were before: what changes meanwhile makes the stage run again.
      const begun = digest();
      return () => writeStamp(stamp, begun);
    },
    isCurrent: () => isStamped(stamp, digest()),
  };
}

/**
 * @param {string} path
 * @param {import("node:child_process").StdioOptions} stdio
 */
function inRoot(path, stdio) {
  return { cwd: root, env: { ...process.env, PATH: path }, stdio };
}

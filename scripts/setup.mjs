// Plain JavaScript for the Node that is on the machine: everything else runs on the Node that
// `npm ci` brings (the `node` devDependency), which may not be there yet.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const binaries = join(root, "node_modules", ".bin");
const environment = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ""}` };

const rest = process.argv.slice(2);
const installOnly = rest[0] === "--install-only";
if (installOnly) rest.shift();

install();
if (!installOnly) {
  stage("codegen", codegenInputs(), ["node", "scripts/codegen.ts"], ["generated/index.json"]);
  stage("build", buildInputs(), ["node", "scripts/build.ts"], ["dist/src/index.js"]);
}
if (rest.length > 0) process.exit(run(rest, "inherit"));

/** `npm ci` when node_modules is absent or was installed from another lock file. */
function install() {
  const inputs = [join(root, "package-lock.json"), join(root, "package.json")];
  stage(
    "install",
    inputs,
    ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
    ["node_modules/.bin/node"],
  );
}

/** Runs a command unless its outputs are there and its inputs are those of the last run. */
function stage(name, inputs, command, outputs) {
  const stamp = join(root, "node_modules", ".vision-batch", name);
  const digest = digestOf(inputs);
  const current = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (current === digest && outputs.every((output) => existsSync(join(root, output)))) return;
  process.stderr.write(`set-up: ${name}\n`);
  const code = run(command, ["ignore", 2, 2]);
  if (code !== 0) {
    process.stderr.write(`set-up: ${name} failed with exit code ${code}\n`);
    process.exit(code);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
}

function run([command, ...args], stdio) {
  const result = spawnSync(command, args, { cwd: root, env: environment, stdio });
  if (result.error) {
    process.stderr.write(`cannot run ${command}: ${result.error.message}\n`);
    return 1;
  }
  return result.status ?? 1;
}

function codegenInputs() {
  return [
    ...files("scripts/codegen"),
    join(root, "scripts/codegen.ts"),
    join(root, "buf.yaml"),
    join(root, "buf.gen.yaml"),
    join(root, "protos/googleapis.lock.json"),
    join(root, "package-lock.json"),
  ];
}

function buildInputs() {
  return [
    ...files("src"),
    join(root, "tsconfig.json"),
    join(root, "tsconfig.build.json"),
    join(root, "node_modules/.vision-batch/codegen"),
  ];
}

function files(folder) {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function digestOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    hash.update(path.slice(root.length)).update("\0");
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

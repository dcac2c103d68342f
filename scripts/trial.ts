// Packs the package, installs the tarball in fresh projects and uses it there as its users do. Needs
// the registry, so it is no part of `npm run verify`.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  compilerOptions,
  consumed,
  consumer,
  importLight,
  moduleSettings,
} from "./trial/programs.ts";
import { TrialProject } from "./trial/project.ts";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};
/** The least Node that the package takes, and the one that it is made with. */
const nodes = [`${manifest.engines.node.replace(">=", "")}.0`, manifest.devDependencies["node"]];
const typescripts = ["5.9", "6", "7"];
const heavy = ["@grpc", "google-gax", "google-auth-library", "protobufjs"];

const packed = mkdtempSync(join(tmpdir(), "vision-batch-packed-"));
try {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", packed];
  const [tarball] = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8" })) as {
    filename: string;
  }[];
  await installWithOldNpm();
  for (const node of nodes) await tryOn(String(node), join(packed, tarball?.filename ?? ""));
} finally {
  rmSync(packed, { recursive: true });
}

/** The npm that Node 20 came with reads the lock file more strictly than ours does. */
async function installWithOldNpm(): Promise<void> {
  process.stdout.write("npm 10: takes the lock file of this repository\n");
  const project = new TrialProject();
  try {
    await project.install("npm@10");
    for (const name of ["package.json", "package-lock.json"]) {
      project.write(`clone/${name}`, readFileSync(join(root, name), "utf8"));
    }
    await project.expect(0, "npm", "ci", "--prefix", "clone", "--dry-run");
  } finally {
    project.remove();
  }
}

async function tryOn(node: string, tarball: string): Promise<void> {
  const project = new TrialProject();
  const step = async (name: string, act: () => Promise<void>): Promise<void> => {
    process.stdout.write(`Node ${node}: ${name}\n`);
    await act();
  };
  try {
    await project.install(`node@${node}`);
    await step("installs", () => project.install(tarball, "@types/node@22"));
    await step("imports neither gRPC nor gax", () => importWithoutHeavy(project));
    for (const typescript of typescripts) {
      await step(`compiles and runs with TypeScript ${typescript}`, () =>
        compileAndRun(project, typescript),
      );
    }
    await step("names the packages that the emulator lacks", () => nameMissing(project));
    await step("annotates once they are there", () => annotate(project));
  } finally {
    project.remove();
  }
}

async function importWithoutHeavy(project: TrialProject): Promise<void> {
  project.write("light.mjs", importLight);
  const [here, away] = ["node_modules", "away"].map((name) => join(project.folder, name));
  project.write("away/empty", "");
  const move = (from = "", to = ""): void => {
    for (const name of heavy) renameSync(join(from, name), join(to, name));
  };
  move(here, away);
  await project.expect(0, "node", "light.mjs");
  move(away, here);
}

async function compileAndRun(project: TrialProject, typescript: string): Promise<void> {
  await project.install(`typescript@${typescript}`);
  project.write("consumer.ts", consumer);
  for (const settings of moduleSettings) {
    const outDir = `out-${settings.moduleResolution}`;
    const options = { ...compilerOptions, ...settings, outDir };
    project.write(
      "tsconfig.json",
      JSON.stringify({ compilerOptions: options, files: ["consumer.ts"] }),
    );
    await project.expect(0, "tsc", "-p", ".");
    const output = await project.expect(0, "node", `${outDir}/consumer.js`);
    if (!isDeepStrictEqual(JSON.parse(output), consumed)) throw new Error(`it wrote ${output}`);
  }
}

async function nameMissing(project: TrialProject): Promise<void> {
  const version = await project.expect(0, "npx", "vision-batch", "--version");
  expectText(version, [manifest.version]);
  cpSync(join(root, "examples/inputs"), join(project.folder, "inputs"), { recursive: true });
  expectText(await annotateReceipt(project, 3), ["sharp", "npm install"]);
}

async function annotate(project: TrialProject): Promise<void> {
  const peers = Object.entries(manifest.peerDependencies);
  await project.install(...peers.map(([name, range]) => `${name}@${range}`));
  expectText(await annotateReceipt(project, 0), ["succeeded"]);
}

function annotateReceipt(project: TrialProject, code: number): Promise<string> {
  const args = ["--features", "TEXT_DETECTION", "--output", "gs://bucket/out/", "--emulator"];
  return project.expect(code, "npx", "vision-batch", "annotate", "inputs/receipt.png", ...args);
}

function expectText(output: string, texts: readonly string[]): void {
  const lacking = texts.filter((text) => !output.includes(text));
  if (lacking.length > 0) throw new Error(`it does not say ${lacking.join(", ")}:\n${output}`);
}

// `npm run trial`: packs the package, installs the tarball in fresh projects of each kind, on each Node,
// and uses it there as its users do. Prints a table, and exits 1 where something failed. Needs the registry,
// so it is no part of `npm run verify`.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TrialProject } from "./trial/project.ts";
import { TrialTable } from "./trial/trial-table.ts";
import { trialsOf, type Package } from "./trial/trials.ts";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};
/** The least Node that the package takes, the one that it is made with, and the newest. */
const nodes = [
  `${manifest.engines.node.replace(">=", "")}.0`,
  manifest.devDependencies["node"] ?? "",
  "26",
];
const typescripts = ["5.9", "6", "7"];

const table = new TrialTable();
const packed = mkdtempSync(join(tmpdir(), "vision-batch-packed-"));
try {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", packed];
  const [tarball] = JSON.parse(execFileSync("npm", args, { cwd: root, encoding: "utf8" })) as {
    filename: string;
  }[];
  const tried: Package = {
    tarball: join(packed, tarball?.filename ?? ""),
    version: manifest.version,
    peers: Object.entries(manifest.peerDependencies).map(([name, range]) => `${name}@${range}`),
    inputs: join(root, "examples/inputs"),
  };
  await table.cell("npm 10 takes the lock file of this repository", "", installWithOldNpm);
  for (const node of nodes) await tryOn(node, tried);
} finally {
  rmSync(packed, { recursive: true });
}
process.stdout.write(table.text());
process.exitCode = table.hasFailures ? 1 : 0;

/** The npm that Node 20 came with reads the lock file more strictly than ours does. */
async function installWithOldNpm(): Promise<string | undefined> {
  using project = new TrialProject({ type: "module" });
  await project.install("npm@10");
  for (const name of ["package.json", "package-lock.json"]) {
    project.write(`clone/${name}`, readFileSync(join(root, name), "utf8"));
  }
  await project.expect(0, "npm", "ci", "--prefix", "clone", "--dry-run");
  return undefined;
}

async function tryOn(wanted: string, tried: Package): Promise<void> {
  using home = new TrialProject({ type: "module" });
  await home.install(`node@${wanted}`);
  const { version: node } = home.readJson("node_modules/node/package.json") as { version: string };
  for (const { kind, type, trials } of trialsOf(typescripts)) {
    using project = new TrialProject({ type, node: home.binaries });
    for (const { name, run } of trials) {
      await table.cell(`${kind}: ${name}`, node, () => run(project, tried));
    }
  }
}

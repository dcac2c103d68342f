// The API report: what every entry point exports, committed in etc/, so that no change of the public
// surface goes unseen. With --write it is written anew.
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { extractApi, type EntryPoint } from "./extract-api.ts";

const root = join(import.meta.dirname, "../..");
const reports = join(root, "etc");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};

mkdirSync(join(root, "temp"), { recursive: true });
const scratch = mkdtempSync(join(root, "temp", "api-"));
try {
  const made = join(scratch, "etc");
  const problems = makeReports(made);
  if (process.argv.includes("--write")) install(made);
  else problems.push(...differences(made));
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function makeReports(folder: string): string[] {
  mkdirSync(folder);
  return entryPoints().flatMap((entry) => {
    if (!existsSync(entry.declarations)) return [`${entry.declarations} is not built`];
    const { report, problems } = extractApi(root, entry, scratch);
    const text = isVersion(entry) ? namesIn(report, entry) : report;
    writeFileSync(join(folder, `${entry.name}.api.md`), text);
    return [...problems, ...peersIn(report).map((peer) => `${entry.name} shows types of ${peer}`)];
  });
}

function entryPoints(): EntryPoint[] {
  return Object.entries(manifest.exports).flatMap(([path, target]) => {
    if (typeof target === "string") return [];
    const name = path === "." ? "vision-batch" : path.replace(/^\.\//, "");
    return [{ name, declarations: join(root, target.types) }];
  });
}

function isVersion({ name }: EntryPoint): boolean {
  return /^v\d/.test(name);
}

/** Of a version the names alone: its messages are those of the locked .proto files. */
function namesIn(report: string, { name }: EntryPoint): string {
  const kinds = Map.groupBy(
    report.matchAll(/^export (?:declare )?(?:abstract )?(\w+) (\w+)/gm),
    ([, , exported]) => exported ?? "",
  );
  const lines = [...kinds].map(
    ([exported, all]) => `${exported}: ${all.map(([, kind]) => kind).join(", ")}`,
  );
  return `# Exports of vision-batch/${name}\n\n\`\`\`\n${lines.sort().join("\n")}\n\`\`\`\n`;
}

/** Optional peers that a user would need only to read our types. */
function peersIn(report: string): string[] {
  return Object.keys(manifest.peerDependencies).filter((peer) =>
    new RegExp(`(from|import\\() ?'${peer}'`).test(report),
  );
}

function install(made: string): void {
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports);
  for (const name of readdirSync(made)) {
    writeFileSync(join(reports, name), readFileSync(join(made, name)));
  }
}

function differences(made: string): string[] {
  const names = new Set([
    ...readdirSync(made),
    ...(existsSync(reports) ? readdirSync(reports) : []),
  ]);
  return [...names].sort().flatMap((name) => {
    const [committed, now] = [join(reports, name), join(made, name)];
    if (!existsSync(now)) return [`etc/${name} is of no entry point`];
    if (!existsSync(committed)) return [`etc/${name} is missing; run \`npm run api\``];
    if (readFileSync(now).equals(readFileSync(committed))) return [];
    return [`etc/${name} differs; if that is wanted, run \`npm run api\`\n${diff(committed, now)}`];
  });
}

function diff(from: string, to: string): string {
  const args = ["diff", "--no-index", "--no-color", from, to];
  const { stdout, error } = spawnSync("git", args, { encoding: "utf8" });
  return error === undefined ? stdout : `what differs cannot be shown: ${error.message}`;
}

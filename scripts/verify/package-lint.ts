// Packs the package as it would be published and looks at the tarball as its users' tools do.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "../build/pages.ts";
import { compilerOptions, moduleSettings, typeScriptProgram } from "../trial/programs.ts";

/** What has to be in the tarball. */
const wanted = [
  /^package\.json$/,
  /^README\.md$/,
  /^LICENSE$/,
  /^dist\/index\.js$/,
  /^dist\/cli\.js$/,
  /^dist\/emulator\.js$/,
  /^dist\/annotator-worker\.js$/,
  ...pages.flatMap((page) =>
    ["js", "css"].map((type) => new RegExp(`^dist/assets/${page}\\.${type}$`)),
  ),
  /^dist\/types\/src\/index\.d\.ts$/,
  /^dist\/types\/src\/protocol\/v1\.d\.ts$/,
  /^protos\/googleapis\.lock\.json$/,
  /^protos\/google\/cloud\/vision\/v1\/image_annotator\.proto$/,
  /^protos\/google\/longrunning\/operations\.proto$/,
];

/** What may be in it; all else is a mistake: tests, sources, what tools leave behind. */
const allowed = [
  /^(package\.json|README\.md|LICENSE)$/,
  /^dist\/[^/]+\.js$/,
  /^dist\/types\/(src|generated|bundled)\/.*\.d\.ts$/,
  /^dist\/assets\/[^/]+\.(js|css)$/,
  /^protos\/(README\.md|googleapis\.lock\.json|google\/.*\.proto)$/,
];
const tests = /(^|[/.])tests?[/.]/;

/** Imports every entry point by the name that users import it by. */
const importAll = `
  import manifest from "vision-batch/package.json" with { type: "json" };
  for (const path of Object.keys(manifest.exports)) {
    if (!path.endsWith(".json")) await import("vision-batch" + path.slice(1));
  }`;

const root = join(import.meta.dirname, "../..");
mkdirSync(join(root, "temp"), { recursive: true });
const scratch = mkdtempSync(join(root, "temp", "pack-"));
try {
  const { tarball, files } = pack();
  const problems = [
    ...wanted
      .filter((each) => !files.some((path) => each.test(path)))
      .map((each) => `lacks ${each.source}`),
    ...files
      .filter((path) => !allowed.some((each) => each.test(path)) || tests.test(path))
      .map((path) => `should not hold ${path}`),
    ...useIn(join(scratch, "project"), tarball),
    ...complaintsOf("publint", [tarball, "--strict"]),
    ...complaintsOf("attw", [tarball, "--profile", "esm-only", "--no-color", "--no-emoji"]),
  ];
  for (const problem of problems) process.stdout.write(`${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

interface Packed {
  readonly tarball: string;
  readonly files: readonly string[];
}

function pack(): Packed {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", scratch];
  const answer = execFileSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [packed] = JSON.parse(answer) as { filename: string; files: { path: string }[] }[];
  if (packed === undefined) throw new Error(`npm pack answered ${answer}`);
  return {
    tarball: join(scratch, packed.filename),
    files: packed.files.map(({ path }) => path),
  };
}

/**
 * Imports what was packed, and compiles a program that uses it, its declarations checked as strictly as a
 * user may. What it depends on is found above, among what is installed here.
 */
function useIn(project: string, tarball: string): string[] {
  const folder = join(project, "node_modules/vision-batch");
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", folder]);
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(project, "program.ts"), typeScriptProgram);
  const options = { ...compilerOptions, ...moduleSettings[0], noEmit: true };
  const configuration = { compilerOptions: options, files: ["program.ts"] };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(configuration));
  return [
    ...complaintsOf(process.execPath, ["--input-type=module", "--eval", importAll], project),
    ...complaintsOf("tsc", ["-p", "."], project),
  ];
}

function complaintsOf(tool: string, args: readonly string[], cwd = root): string[] {
  const { status, stdout, stderr, error } = spawnSync(tool, args, { cwd, encoding: "utf8" });
  if (error !== undefined) return [`${tool}: ${error.message}`];
  return status === 0 ? [] : [`${tool}:\n${stdout}${stderr}`];
}

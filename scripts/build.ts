import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { bundleSources } from "./build/bundle.ts";
import { copyDeclarations } from "./build/declarations.ts";
import { declarationsOf, entryPoints, type EntryManifest } from "./build/entry-points.ts";
import { buildPages } from "./build/pages.ts";
import { makeScratch, replace } from "./codegen/folder.ts";
import { workerEntries } from "./verify/room-table.ts";

const root = join(import.meta.dirname, "..");
mkdirSync(join(root, "temp"), { recursive: true });
const scratch = makeScratch(join(root, "temp"), "build-");
const [declared, made] = [join(scratch, "declared"), join(scratch, "made")];
const dist = join(root, "dist");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as EntryManifest;

// Made aside and put in place by a rename: a program that runs from dist/ meanwhile sees all or none.
try {
  const { status } = spawnSync("tsc", ["-p", "tsconfig.build.json", "--outDir", declared], {
    cwd: root,
    stdio: "inherit",
  });
  if (status === 0) {
    copyDeclarations(declarationsOf(manifest), { from: declared, to: join(made, "types") });
    await bundleSources(entryPoints(manifest, workerEntries), made);
    await buildPages(join(made, "assets"));
    install();
  } else process.exitCode = status ?? 1;
} finally {
  rmSync(scratch, { recursive: true });
}

function install(): void {
  for (const program of Object.values(manifest.bin))
    chmodSync(join(made, basename(program)), 0o755);
  replace(dist, { by: made, old: scratch });
  for (const [name, program] of Object.entries(manifest.bin)) linkProgram(name, program);
}

/** So that `npx` finds the program of this clone: it would first install the folder as a package, and warn of an older Node. */
function linkProgram(name: string, program: string): void {
  const folder = join(root, "node_modules/.bin");
  rmSync(join(folder, name), { force: true });
  symlinkSync(relative(folder, join(root, program)), join(folder, name));
}

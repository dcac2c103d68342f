import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPages } from "./build/pages.ts";
import { makeScratch, replace } from "./codegen/folder.ts";

const root = join(import.meta.dirname, "..");
mkdirSync(join(root, "temp"), { recursive: true });
const scratch = makeScratch(join(root, "temp"), "build-");
const made = join(scratch, "made");
const dist = join(root, "dist");
const { bin } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  bin: Readonly<Record<string, string>>;
};

// Made aside and put in place by a rename: a program that runs from dist/ meanwhile sees all or none.
try {
  const { status } = spawnSync("tsc", ["-p", "tsconfig.build.json", "--outDir", made], {
    cwd: root,
    stdio: "inherit",
  });
  if (status === 0) {
    await buildPages(join(made, "src"));
    install();
  } else process.exitCode = status ?? 1;
} finally {
  rmSync(scratch, { recursive: true });
}

function install(): void {
  for (const program of Object.values(bin)) {
    chmodSync(join(made, program.replace(/^dist\//, "")), 0o755);
  }
  replace(dist, { by: made, old: scratch });
}

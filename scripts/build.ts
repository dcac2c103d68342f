import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const made = join(root, "temp", `dist-${process.pid}`);
const old = join(root, "temp", `dist-${process.pid}.old`);
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
  if (status === 0) install();
  else process.exitCode = status ?? 1;
} finally {
  rmSync(made, { recursive: true, force: true });
  rmSync(old, { recursive: true, force: true });
}

function install(): void {
  for (const program of Object.values(bin)) {
    chmodSync(join(made, program.replace(/^dist\//, "")), 0o755);
  }
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(made, dist);
}

import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";

const root = join(import.meta.dirname, "../..");

/** Stands for npm: logs its arguments and does what `FAKE_NPM` says. */
const npm = `
  import { appendFileSync, cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
  import { setTimeout as sleep } from "node:timers/promises";
  const log = (line) => appendFileSync("log", line + "\\n");
  log("npm " + process.argv.slice(2).join(" "));
  if (process.env.PATH.includes(process.cwd() + "/node_modules/.bin")) log("npm on the wrong path");
  rmSync("node_modules", { recursive: true, force: true });
  mkdirSync("node_modules/.bin", { recursive: true });
  const mode = process.env.FAKE_NPM ?? "works";
  if (mode === "hangs") {
    console.error("npm hangs");
    await sleep(60_000);
  }
  if (mode === "is slow") await sleep(500);
  if (mode === "fails late") cpSync("package-lock.json", "node_modules/.package-lock.json");
  if (mode !== "brings no node") symlinkSync(process.execPath, "node_modules/.bin/node");
  if (mode.startsWith("fails")) process.exit(7);
  cpSync("package-lock.json", "node_modules/.package-lock.json");
`;

/** Stands for the codegen and the build: logs, and writes what it should. */
function script(name: string, outputs: readonly string[]): string {
  return `
    import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
    import { dirname } from "node:path";
    appendFileSync("log", "${name}\\n");
    if (process.env.FAKE_${name.toUpperCase()} === "fails") process.exit(3);
    for (const path of ${JSON.stringify(outputs)}) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "");
    }
  `;
}

/** A program that ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly ended: Promise<Ended>;
}

/** A small repository with this one's set-up script, in a folder whose name has a space. */
export class FakeRepository {
  readonly folder: string;
  readonly #node: string;

  constructor(node: string) {
    this.#node = node;
    this.folder = join(mkdtempSync(join(tmpdir(), "vision-batch-setup-")), "a repository");
    this.write("bin/npm", `#!/bin/sh\nexec "$FAKE_NODE" "$(dirname "$0")/npm.mjs" "$@"\n`);
    chmodSync(join(this.folder, "bin/npm"), 0o755);
    this.write("bin/npm.mjs", npm);
    this.write("package.json", `{ "type": "module" }`);
    this.lock("1.0.0");
    this.write("buf.gen.yaml", "version: v2\n");
    this.write("src/index.ts", "export {};\n");
    this.write(
      "scripts/codegen.ts",
      script("codegen", [
        ...["google/a.ts", "index.ts", "json/a.ts", "methods/a.ts"].map(
          (path) => `generated/${path}`,
        ),
        "protos/google/a.proto",
      ]),
    );
    this.write("scripts/build.ts", script("build", ["dist/index.js"]));
    cpSync(join(root, "scripts/setup.mjs"), join(this.folder, "scripts/setup.mjs"));
    cpSync(join(root, "scripts/setup"), join(this.folder, "scripts/setup"), { recursive: true });
  }

  /** Writes a lock file with one package in some version. */
  lock(version: string): void {
    const packages = { "": {}, "node_modules/one": { version, integrity: `sha512-${version}` } };
    this.write("package-lock.json", JSON.stringify({ packages }));
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.folder, path));
  }

  /** What ran since the last look, in order. */
  takeLog(): string[] {
    const lines = this.has("log") ? this.read("log").trim().split("\n") : [];
    rmSync(join(this.folder, "log"), { force: true });
    return lines.map((line) => line.replace(/^npm ci .*/, "npm ci"));
  }

  /** Starts the set-up script. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const path = [join(this.folder, "bin"), process.env["PATH"] ?? ""].join(delimiter);
    const child = spawn(this.#node, [join(this.folder, "scripts/setup.mjs"), ...args], {
      cwd: tmpdir(),
      // A Node that is older than the tests' cannot load what NODE_OPTIONS names.
      env: { ...process.env, NODE_OPTIONS: "", PATH: path, FAKE_NODE: process.execPath, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { child, ended: endOf(child) };
  }

  /** Runs the set-up script to its end. */
  async run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> {
    return await this.start(args, env).ended;
  }

  remove(): void {
    rmSync(dirname(this.folder), { recursive: true, force: true });
  }
}

async function endOf(child: Running["child"]): Promise<Ended> {
  const [stdout, stderr, ending] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  return { code: ending[0], signal: ending[1], stdout, stderr };
}

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = join(import.meta.dirname, "../..");
const binaries = join(root, "node_modules/.bin");

/** The packages that the .proto files come from, with the folder that import paths start from. */
export const protoPackages = ["google-gax", "@google-cloud/vision"] as const;
const protoFolder = "build/protos";

/** What a run of the codegen came to. */
export interface CodegenResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the codegen, its input and its output, to spoil; the packages that it imports are shared. */
export class CodegenCopy {
  readonly #outside = mkdtempSync(join(tmpdir(), "vision-batch-codegen-"));
  readonly folder = join(this.#outside, "a package");

  constructor() {
    mkdirSync(this.folder);
    const configuration = readdirSync(root).filter((name) => name.startsWith("buf."));
    for (const name of [...configuration, "scripts/codegen.ts", "scripts/codegen"])
      this.#copy(name);
    for (const name of ["package.json", "protos", "generated"]) this.#copy(name);
    for (const name of protoPackages) {
      this.#copy(`node_modules/${name}/package.json`);
      this.#copy(`node_modules/${name}/${protoFolder}/google`);
    }
    symlinkSync(join(root, "node_modules/@bufbuild"), join(this.folder, "node_modules/@bufbuild"));
  }

  /** The path of a .proto file as a package brings it. */
  protoOf(packageName: (typeof protoPackages)[number], path: string): string {
    return `node_modules/${packageName}/${protoFolder}/${path}`;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, content: string): void {
    writeFileSync(join(this.folder, path), content);
  }

  /** Replaces a text that has to be in a file. */
  edit(path: string, from: string, to: string): void {
    const content = this.read(path);
    if (!content.includes(from)) throw new Error(`${path} holds no ${from}`);
    this.write(path, content.replace(from, to));
  }

  delete(path: string): void {
    rmSync(join(this.folder, path), { recursive: true });
  }

  /** Assembles what a checkout of googleapis looks like from the packages. */
  assembleCheckout(): string {
    const checkout = join(this.folder, "googleapis");
    for (const name of protoPackages) {
      cpSync(join(this.folder, "node_modules", name, protoFolder), checkout, { recursive: true });
    }
    return checkout;
  }

  /** Commits the copy's lock in a repository around the copy. */
  commitLock(): void {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    this.#git(["init", "--quiet", this.#outside]);
    this.#git(["add", "protos/googleapis.lock.json"]);
    this.#git([...identity, "commit", "--quiet", "--message", "A lock"]);
  }

  /**
   * Puts a program in the place of npm: it notes its arguments in the file `npm.log`, and installs
   * the packages as they are now.
   */
  replaceNpm(): void {
    const installed = join(this.folder, "installed");
    for (const name of protoPackages) {
      cpSync(join(this.folder, "node_modules", name), join(installed, name), { recursive: true });
    }
    mkdirSync(join(this.folder, "bin"));
    this.write(
      "bin/npm",
      `#!/bin/sh\necho "$@" >> "${this.folder}/npm.log"\ncp -r "${installed}" node_modules\n`,
    );
    spawnSync("chmod", ["+x", join(this.folder, "bin/npm")]);
  }

  /** Runs the codegen. */
  run(...args: readonly string[]): CodegenResult {
    const { status, stdout, stderr } = spawnSync("node", ["scripts/codegen.ts", ...args], {
      ...this.#inFolder(),
      encoding: "utf8",
    });
    return { code: status, stdout, stderr };
  }

  /** Runs the codegen and kills it as soon as a path, relative to its folder for work, is there. */
  async kill(path: string): Promise<void> {
    const child = spawn("node", ["scripts/codegen.ts"], { ...this.#inFolder(), stdio: "ignore" });
    const ended = once(child, "exit");
    while (globSync(`node_modules/.codegen-*/${path}`, { cwd: this.folder }).length === 0) {
      if (child.exitCode !== null) throw new Error(`the codegen ended without ${path}`);
      await sleep(1);
    }
    child.kill("SIGKILL");
    await ended;
  }

  #inFolder() {
    const path = [join(this.folder, "bin"), binaries, process.env["PATH"]].join(delimiter);
    return { cwd: this.folder, env: { ...process.env, PATH: path } };
  }

  /** A digest of protos/ and generated/: what is not to be touched, or to come out the same. */
  outputDigest(): string {
    const hash = createHash("sha256");
    for (const folder of ["protos", "generated"]) {
      for (const path of readdirSync(join(this.folder, folder), { recursive: true }).sort()) {
        hash.update(`${folder}/${String(path)}\0`);
        if (/\.\w+$/.test(String(path))) hash.update(this.read(`${folder}/${String(path)}`));
      }
    }
    return hash.digest("hex");
  }

  /** Every file under a folder. */
  namesIn(path: string): string[] {
    return globSync("**/*.*", { cwd: join(this.folder, path) }).sort();
  }

  remove(): void {
    rmSync(this.#outside, { recursive: true, force: true });
  }

  #copy(path: string): void {
    cpSync(join(root, path), join(this.folder, path), { recursive: true });
  }

  #git(args: readonly string[]): void {
    const { status, stderr } = spawnSync("git", args, { cwd: this.folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  }
}

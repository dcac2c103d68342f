import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** What a project is made with. */
export interface ProjectOptions {
  /** What `.js` files are. */
  readonly type: "module" | "commonjs";
  /** The folder of the Node that it runs on. */
  readonly node?: string;
}

const limitMs = 300_000;

/** A fresh project in a folder with a space. */
export class TrialProject implements Disposable {
  readonly folder = join(mkdtempSync(join(tmpdir(), "vision-batch-trial-")), "a project");
  /** The programs of what is installed. */
  readonly binaries = join(this.folder, "node_modules/.bin");
  readonly #path: string;

  /** Writes the manifest, by which the Node package alone may run its install script. */
  constructor({ type, node = "" }: ProjectOptions) {
    this.#path = [node, this.binaries, process.env["PATH"]].join(delimiter);
    const manifest = { private: true, type, allowScripts: { node: true } };
    this.write("package.json", JSON.stringify(manifest));
  }

  write(path: string, content: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }

  readJson(path: string): unknown {
    return JSON.parse(readFileSync(join(this.folder, path), "utf8"));
  }

  /** Installs packages; one that does not take this Node is an error. */
  async install(...packages: readonly string[]): Promise<void> {
    await this.expect(
      0,
      "npm",
      "install",
      "--no-audit",
      "--no-fund",
      "--engine-strict",
      ...packages,
    );
  }

  /** Runs a command and expects an exit code; answers what it wrote. */
  async expect(code: number, program: string, ...args: readonly string[]): Promise<string> {
    const ended = await this.run(program, ...args);
    if (ended.code === code) return ended.output;
    throw new Error(`${[program, ...args].join(" ")}: exit code ${ended.code}\n${ended.output}`);
  }

  run(program: string, ...args: readonly string[]): Promise<Ended> {
    const { NODE_OPTIONS: _ours, ...environment } = process.env;
    const options = {
      cwd: this.folder,
      env: { ...environment, PATH: this.#path, METADATA_SERVER_DETECTION: "none" },
      timeout: limitMs,
    };
    return new Promise((resolve) => {
      execFile(program, args, options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : 127;
        resolve({ code, output: stdout + stderr });
      });
    });
  }

  [Symbol.dispose](): void {
    rmSync(join(this.folder, ".."), { recursive: true, force: true });
  }
}

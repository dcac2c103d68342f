import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Emulator } from "../../src/emulator/index.ts";

/** The folder that the head of every example is written for. */
export const root = join(import.meta.dirname, "../..");

/** How an example ended. */
export interface ExampleEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ExampleOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Default: {@link root}. */
  readonly cwd?: string;
}

/** An example in a process of its own, at an emulator. */
export class ExampleProcess {
  readonly ended: Promise<ExampleEnd>;
  readonly #child;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(args: readonly string[], emulator: Emulator, options: ExampleOptions = {}) {
    const { env, stdin = "", cwd = root } = options;
    const addresses = { VISION_EMULATOR_HOST: emulator.grpc, VISION_EMULATOR_HTTP: emulator.http };
    this.#child = spawn(process.execPath, args, {
      ...{ cwd, env: { ...process.env, ...addresses, PORT: "0", ...env } },
    });
    this.#child.stdin.end(stdin);
    let [stdout, stderr] = ["", ""];
    this.#child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    this.#child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.#lines.push(line);
      for (const look of this.#waiting) look();
    });
    this.ended = once(this.#child, "close").then(([code]) => ({
      ...{ code: code as number | null, stdout, stderr },
    }));
  }

  /** The first match in a line of its output, which may be still to come. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>();
    const look = (): void => {
      const found = this.#lines.map((line) => pattern.exec(line)).find((match) => match !== null);
      if (found !== undefined) resolve(found);
    };
    this.#waiting.add(look);
    look();
    void this.ended.then(({ stderr }) => {
      reject(new Error(`it ended without saying ${String(pattern)}: ${stderr}`));
    });
    return promise.finally(() => this.#waiting.delete(look));
  }

  /** Where a service says that it listens. */
  async address(): Promise<string> {
    const [address] = await this.says(/http:\/\/127\.0\.0\.1:\d+/);
    return address;
  }

  /** Sends it a signal and answers how it ended. */
  async end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<ExampleEnd> {
    this.#child.kill(signal);
    return this.ended;
  }
}

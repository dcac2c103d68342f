import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import type { RunnerOptions, RunnerWord } from "./runner-options.ts";

/** How a runner ended: its exit code or signal, and what it wrote to stderr. */
export interface RunnerEnd {
  readonly code: number | string;
  readonly stderr: string;
}

/** Those that are there: one that is stopped would outlive whoever started it. */
const alive = new Set<ChildProcess>();

/** Ends every process that works on a run, for a program that ends early. */
export function killRunners(): void {
  for (const child of alive) child.kill("SIGKILL");
}

/** A process that works on the run. */
export class RunnerProcess {
  readonly words: RunnerWord[] = [];
  readonly ended: Promise<RunnerEnd>;
  readonly #child: ChildProcess;
  #isStopped = false;
  #isGone = false;

  constructor(options: RunnerOptions) {
    const script = join(import.meta.dirname, "children/runner.ts");
    const child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    alive.add(child);
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.words.push(JSON.parse(line) as RunnerWord);
    });
    this.ended = this.#end(once(child, "close"), text(child.stderr));
  }

  /** Whether it is there and not stopped. */
  get isWorking(): boolean {
    return !this.#isGone && !this.#isStopped;
  }

  /** Whether another process held the journal for so long that it gave up. */
  get isLockedOut(): boolean {
    return this.words.some(({ word }) => word === "lockedOut");
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** SIGKILL, also of one that is stopped. */
  kill(): void {
    this.#isStopped = false;
    this.#child.kill("SIGKILL");
  }

  /** SIGTERM. */
  end(): void {
    this.#child.kill("SIGTERM");
  }

  /** SIGSTOP. */
  stop(): void {
    this.#isStopped = true;
    this.#child.kill("SIGSTOP");
  }

  /** SIGCONT. */
  goOn(): void {
    this.#isStopped = false;
    this.#child.kill("SIGCONT");
  }

  async #end(closed: Promise<unknown[]>, stderr: Promise<string>): Promise<RunnerEnd> {
    const [code, signal] = await closed;
    this.#isGone = true;
    alive.delete(this.#child);
    return { code: (code ?? signal) as number | string, stderr: await stderr };
  }
}

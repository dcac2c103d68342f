import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { RunnerOptions, RunnerWord } from "./runner-options.ts";

/** What is started: a process that works on the run alone or starts it for others, or one of many workers. */
export interface ProcessOptions {
  readonly script: "runner" | "worker";
  readonly options: RunnerOptions;
  /** The file for what it says to stderr. */
  readonly log: string;
  /** How far its clock is off, in milliseconds. Default 0. */
  readonly clockOffMs?: number;
}

/** How a process ended: its exit code or signal, and what it wrote to stderr. */
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
  #isToldToEnd = false;
  #isGone = false;

  constructor({ script, options, log, clockOffMs = 0 }: ProcessOptions) {
    const children = join(import.meta.dirname, "children");
    const clock = clockOffMs === 0 ? [] : ["--import", join(children, "wrong-clock.ts")];
    const args = [...clock, join(children, `${script}.ts`), JSON.stringify(options)];
    const stderr = openSync(log, "a");
    const child = spawn(process.execPath, args, {
      env: { ...process.env, CHAOS_CLOCK_OFF_MS: String(clockOffMs) },
      stdio: ["ignore", "pipe", stderr],
    });
    closeSync(stderr);
    this.#child = child;
    alive.add(child);
    createInterface({ input: child.stdout as Readable }).on("line", (line) => {
      this.words.push(JSON.parse(line) as RunnerWord);
    });
    this.ended = this.#end(once(child, "close"), log);
  }

  /** Whether it is there and not stopped. */
  get isWorking(): boolean {
    return !this.#isGone && !this.#isStopped;
  }

  /** Whether another process held the journal for so long that it gave up. */
  get isLockedOut(): boolean {
    return this.words.some(({ word }) => word === "lockedOut");
  }

  /** Whether it has begun its work. */
  get hasBegun(): boolean {
    return this.words.some(({ word }) => word === "working");
  }

  /** Whether it has never reached the database. */
  get isUnreachable(): boolean {
    return this.words.some(({ word }) => word === "unreachable");
  }

  /** Who it is in the journal; only workers that have begun are known. */
  get worker(): string | undefined {
    const begun = this.words.find(({ word }) => word === "working");
    return begun?.word === "working" ? begun.worker : undefined;
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

  /** SIGTERM, once: one that is ending already would be cut short by a second one. */
  end(): void {
    if (this.#isToldToEnd) return;
    this.#isToldToEnd = true;
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

  async #end(closed: Promise<unknown[]>, log: string): Promise<RunnerEnd> {
    const [code, signal] = await closed;
    this.#isGone = true;
    alive.delete(this.#child);
    return { code: (code ?? signal) as number | string, stderr: readFileSync(log, "utf8") };
  }
}

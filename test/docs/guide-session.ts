import { fork, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { TestEmulator } from "../fixtures/emulator.ts";
import type { Expectation, Guide, GuidePlace } from "./guide.ts";
import type { CodeBlock } from "./markdown.ts";
import type { ModuleOutcome } from "./run-modules.ts";

/** What a block did. */
export interface Outcome extends ModuleOutcome {
  readonly exitCode: number | null;
}

/** A block with what is expected of it. */
export interface ExpectedBlock {
  readonly block: CodeBlock;
  readonly expectation: Expectation;
}

const root = join(import.meta.dirname, "../..");
const recordings = [{ uri: "*", response: { fullTextAnnotation: { text: "total 42" } } }];
const endLimitMs = 10_000;

/** The path of the program that the block of this number is. */
export function moduleOf(folder: string, index: number): string {
  return join(folder, `${index}.ts`);
}

/** Runs the blocks of a guide in their order, each once. */
export class GuideSession {
  /** The working folder. */
  readonly work: string;
  readonly #folder: string;
  readonly #blocks: readonly ExpectedBlock[];
  readonly #emulator: TestEmulator;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #outcomes: Promise<Outcome>[] = [];
  readonly #ends: readonly (() => Promise<void>)[];
  readonly #staying: { readonly child: ChildProcess; readonly expected: number }[] = [];
  #modules: ChildProcess | undefined;

  private constructor(
    folder: string,
    blocks: readonly ExpectedBlock[],
    place: Pick<GuidePlace, "emulator"> & {
      readonly environment: NodeJS.ProcessEnv;
      readonly ends: readonly (() => Promise<void>)[];
    },
  ) {
    this.work = workOf(folder);
    this.#folder = folder;
    this.#blocks = blocks;
    this.#emulator = place.emulator;
    this.#environment = place.environment;
    this.#ends = place.ends;
  }

  /** Starts an emulator for the blocks, whose programs are in the folder, and puts files there. */
  static async start(
    folder: string,
    blocks: readonly ExpectedBlock[],
    guide: Guide,
  ): Promise<GuideSession> {
    const emulator = await TestEmulator.start({ recordings, ...guide.emulator });
    const work = workOf(folder);
    await mkdir(work, { recursive: true });
    for (const [name, content] of Object.entries(guide.files ?? {})) {
      if (name.startsWith("gs://")) await emulator.put(name, content);
      else {
        await mkdir(dirname(join(work, name)), { recursive: true });
        await writeFile(join(work, name), content);
      }
    }
    const { grpc, http } = emulator.emulator;
    const ends: (() => Promise<void>)[] = [];
    const onEnd = (end: () => Promise<void>): void => void ends.push(end);
    const environment = {
      ...process.env,
      PATH: `${await makeCommands(folder)}${delimiter}${process.env["PATH"] ?? ""}`,
      VISION_EMULATOR_HOST: grpc,
      VISION_EMULATOR_HTTP: http,
      STORAGE_EMULATOR_HOST: http,
      ...(await guide.prepare?.({ emulator, folder: work, onEnd })),
    };
    return new GuideSession(folder, blocks, { emulator, environment, ends });
  }

  /** What the block of this number did; runs those before it that have not run. */
  async outcome(index: number): Promise<Outcome> {
    while (this.#outcomes.length <= index) {
      const previous = this.#outcomes.at(-1);
      const next = this.#outcomes.length;
      this.#outcomes.push(Promise.resolve(previous).then(() => this.#run(next)));
    }
    return this.#outcomes[index]!;
  }

  /** Ends everything; tells what did not end as it should. */
  async end(): Promise<readonly string[]> {
    const faults: string[] = [];
    if (this.#modules?.exitCode === null) {
      this.#modules.disconnect();
      if (!(await endsInTime(this.#modules))) faults.push("a ts block leaves something open");
    }
    for (const { child, expected } of this.#staying) {
      if (child.exitCode === null) signal(child, "SIGINT");
      if (!(await endsInTime(child))) faults.push("a sh block does not end at SIGINT");
      else if (child.exitCode !== expected) {
        faults.push(`a sh block ends with ${child.exitCode} at SIGINT`);
      }
    }
    await this.#emulator.close();
    for (const end of this.#ends) await end();
    return faults;
  }

  async #run(index: number): Promise<Outcome> {
    const { block, expectation } = this.#blocks[index]!;
    if ("notRun" in expectation || "checkedBy" in expectation) {
      return { stdout: "", stderr: "", exitCode: 0 };
    }
    if (block.language === "ts") return this.#import(moduleOf(this.#folder, index));
    // A port that a document names may be taken on this machine.
    const code = block.code.replaceAll(/(--(?:grpc|http)-port) \d+/g, "$1 0");
    return this.#shell(code, expectation);
  }

  async #import(path: string): Promise<Outcome> {
    this.#modules ??= fork(join(import.meta.dirname, "run-modules.ts"), {
      cwd: this.work,
      env: this.#environment,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const ended = new AbortController();
    const exit = once(this.#modules, "exit", { signal: ended.signal }).then(
      ([code]) => ({ stdout: "", stderr: "", error: `it ended with ${String(code)}` }),
      () => undefined,
    );
    this.#modules.send(path);
    const answer = once(this.#modules, "message", { signal: ended.signal }).then(
      ([outcome]) => outcome as ModuleOutcome,
      () => undefined,
    );
    const outcome = await Promise.race([answer, exit]);
    ended.abort();
    return { exitCode: 0, ...outcome! };
  }

  async #shell(code: string, expectation: Expectation): Promise<Outcome> {
    // A shell that has a trap tells the exit code of what the signal has ended, and does not die of it.
    const child = spawn("sh", ["-e", "-c", `trap : INT\n${code}`], {
      cwd: this.work,
      env: this.#environment,
      // Ctrl-C reaches all that it starts.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    const ready = new Promise<void>((resolve) => {
      for (const name of ["stdout", "stderr"] as const) {
        child[name].setEncoding("utf8").on("data", (text: string) => {
          said[name] += text;
          if ("staysUp" in expectation && expectation.staysUp.test(said[name])) resolve();
        });
      }
    });
    const ended = once(child, "close");
    if (!("staysUp" in expectation)) await ended;
    else {
      this.#staying.push({ child, expected: expectation.exitCode ?? 0 });
      await Promise.race([ready, ended]);
    }
    return { ...said, exitCode: child.exitCode };
  }
}

function workOf(folder: string): string {
  return join(folder, "work");
}

/** A folder of commands in which `npx vision-batch` is what was built here. */
async function makeCommands(folder: string): Promise<string> {
  const commands = join(folder, "bin");
  await mkdir(commands, { recursive: true });
  const { bin } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  const own = `exec "${process.execPath}" "${join(root, bin["vision-batch"]!)}" "$@"`;
  const npx = `[ "$1" = vision-batch ] || { echo "npx $1 is not here" >&2; exit 127; }\nshift`;
  for (const [name, script] of [
    ["vision-batch", own],
    ["npx", `${npx}\n${own}`],
  ] as const) {
    await writeFile(join(commands, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(commands, name), 0o755);
  }
  return commands;
}

async function endsInTime(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return true;
  const limit = AbortSignal.timeout(endLimitMs);
  return once(child, "exit", { signal: limit }).then(
    () => true,
    () => {
      signal(child, "SIGKILL");
      return false;
    },
  );
}

/** Reaches the group that a shell leads; a fork is in that of the tests. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.connected || child.spawnfile !== "sh") child.kill(name);
  else process.kill(-child.pid!, name);
}

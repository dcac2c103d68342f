import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** How a command ended. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is running. */
export interface RunningCli {
  readonly child: ChildProcess;
  readonly ended: Promise<CliResult>;
  /** What it has written so far. */
  said(): { readonly stdout: string; readonly stderr: string };
  /** Resolves once its stderr (or stdout) has this text. */
  says(text: string): Promise<void>;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** Leaves stdin open, so that a command that reads it waits. */
  readonly keepStdin?: boolean;
  /** Shell commands that set limits for it. */
  readonly limits?: string;
}

const cli = join(import.meta.dirname, "../../src/cli/main.ts");

/** Starts `vision-batch` from its sources, in a process of its own. */
export function startCli(args: readonly string[], options: CliOptions = {}): RunningCli {
  const limited = ["-c", `${options.limits ?? ":"}; exec "$@"`, "sh", process.execPath];
  const child = spawn("sh", [...limited, cli, ...args], {
    env: { ...process.env, ...options.env },
    cwd: options.cwd,
    stdio: "pipe",
  });
  const output = { stdout: "", stderr: "" };
  const waiting = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const check of waiting) check();
    });
  }
  child.stdin.on("error", () => undefined);
  if (options.keepStdin !== true) child.stdin.end(options.stdin ?? "");
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...output }));
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!output.stdout.includes(text) && !output.stderr.includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
      void ended.then(({ stderr }) => {
        reject(new Error(`it ended without saying ${text}: ${stderr}`));
      });
    });
  return { child, ended, says, said: () => ({ ...output }) };
}

/** Runs `vision-batch` to its end. */
export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return startCli(args, options).ended;
}

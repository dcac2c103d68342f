import { spawn } from "node:child_process";

/** A check of `npm run verify`: a command, whose exit code is the verdict. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** How a step ended. */
export interface StepResult {
  readonly step: Step;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** Where and how steps run. */
export interface StepContext {
  readonly cwd: string;
  /** Ends the commands that are running. */
  readonly signal: AbortSignal;
  /** Is given the output as it comes. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a step to its end; a command that cannot be started is a failed step. */
export function runStep(step: Step, context: StepContext): Promise<StepResult> {
  const begun = performance.now();
  const [program, ...args] = step.command;
  return new Promise((resolve) => {
    let output = "";
    const child = spawn(program, args, {
      cwd: context.cwd,
      signal: context.signal,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const take = (text: string): void => {
      output += text;
      context.onOutput?.(text);
    };
    const end = (ok: boolean): void =>
      resolve({ step, ok, output, seconds: (performance.now() - begun) / 1000 });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", take);
    child.once("error", (error) => {
      take(`cannot run ${program}: ${error.message}\n`);
      end(false);
    });
    child.once("close", (code) => end(code === 0));
  });
}

/** Runs steps, some at a time, in order; tells of each as it ends. */
export async function runSteps(
  steps: readonly Step[],
  context: StepContext & { readonly atATime: number },
  onEnd: (result: StepResult) => void,
): Promise<void> {
  const queue = [...steps];
  const work = async (): Promise<void> => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      onEnd(await runStep(step, context));
    }
  };
  await Promise.all(Array.from({ length: context.atATime }, work));
}

import type { Run } from "../runs/index.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import type { Progress } from "./render/progress.ts";
import { isOver } from "./run-work.ts";
import { say } from "./say.ts";
import type { Streams } from "./streams.ts";
import { UsageError } from "./usage-error.ts";

/** The options that `--no-work` has a say in. */
export interface LeavingFlags {
  readonly journal: string;
  readonly work?: boolean;
  readonly out?: string;
  readonly lease?: string;
  readonly removeJournal?: boolean;
}

/** Refuses what only a process does that works on a run. @throws UsageError */
export function checkLeaving({ journal, work, out, lease, removeJournal }: LeavingFlags): void {
  if (work !== false) return;
  const refuse = (option: string, instead: string): never => {
    throw new UsageError(`${option} does not go with --no-work: ${instead}`);
  };
  if (out !== undefined) refuse("--out", "`runs results --follow` writes what others collect");
  if (lease !== undefined) refuse("--lease", "it is told to those who work on the run");
  if (removeJournal === true) refuse("--remove-journal", "others need it");
  if (journal === "sqlite::memory:") refuse(journal, "it ends with this process");
}

/** Says how far a run has come that others are to work on, and how it is watched. */
export async function leaveRun(
  run: Run,
  options: {
    readonly streams: Streams;
    readonly progress: Progress;
    readonly hints: { readonly watch: string };
  },
): Promise<ExitCode> {
  const { streams, progress, hints } = options;
  const { state, inputs, chunks } = await run.snapshot();
  progress.stop();
  const { total, open } = inputs;
  const counts = `${open} of ${total} inputs open, ${chunks.total} requests in all`;
  say(streams, `run ${run.id} is ${state}: ${counts}`);
  if (!isOver({ state })) say(streams, `left to others; see how far they come by: ${hints.watch}`);
  return exitCodes.done;
}

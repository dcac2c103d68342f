import type { PreparedJob } from "../commands/prepare-job.ts";
import type { ChunkState } from "../job/chunk-run.ts";
import type { Job } from "../job/job.ts";
import { escapeForTerminal } from "./escape.ts";

/** Operations that are named in the command that is proposed. */
const namedInCommand = 5;

/** Says what goes on at the service, what was never sent, and how to go on from here. */
export function leftRunning({ job, runPrefix }: PreparedJob, embedded: boolean): string {
  const names = job.running.map(({ handle }) => handle?.name ?? "");
  const unsent = countInputs(job, ["planned", "rejected"]);
  const uncertain = countInputs(job, ["submitting", "unknown", "lost"]);
  const lines: string[] = [];
  if (unsent > 0) lines.push(`not submitted: ${unsent} inputs`);
  if (uncertain > 0) {
    lines.push(
      `possibly submitted, so look for their results before sending them again: ${uncertain} inputs`,
    );
  }
  if (embedded) lines.push(...names.map((name) => `ended with its emulator: ${name}`));
  else lines.push(...names.map((name) => `still running: ${name}`));
  if (!embedded && names.length > 0) {
    const named = names.length <= namedInCommand ? names.join(" ") : "NAME...";
    lines.push(`wait with: vision-batch wait ${named}`);
  }
  if (!embedded && job.chunks.some(({ mayBeSubmitted }) => mayBeSubmitted)) {
    lines.push(`read results with: vision-batch results ${runPrefix}`);
  }
  return lines.map((line) => `${escapeForTerminal(line)}\n`).join("");
}

function countInputs({ chunks }: Job, states: readonly ChunkState[]): number {
  const inState = chunks.filter(({ state }) => states.includes(state));
  return inState.reduce((sum, { chunk }) => sum + chunk.inputs.length, 0);
}

import type { PreparedJob } from "../commands/prepare-job.ts";
import { escapeForTerminal } from "./escape.ts";

/** Operations that are named in the command that is proposed; more are read from the list. */
const namedInCommand = 5;

/** Says what goes on at the service, what was never sent, and how to go on from here. */
export function leftRunning({ job, runPrefix }: PreparedJob, embedded: boolean): string {
  const names = job.running.map(({ handle }) => handle?.name ?? "");
  const unsent = job.chunks.filter(({ maySubmitted }) => !maySubmitted);
  const unsentInputs = unsent.reduce((sum, { chunk }) => sum + chunk.inputs.length, 0);
  const lines: string[] = [];
  if (unsentInputs > 0) lines.push(`${unsentInputs} inputs were not submitted.`);
  if (embedded && names.length > 0) {
    lines.push(`${names.length} operations end with the emulator of this command.`);
  } else if (names.length > 0) {
    lines.push(
      `${names.length} operations go on at the service:`,
      ...names.map((name) => `  ${name}`),
    );
    const named = names.length <= namedInCommand ? names.join(" ") : "NAME...";
    lines.push("Wait for them, then read their results:", `  vision-batch wait ${named}`);
    lines.push(`  vision-batch results ${runPrefix}`);
  }
  return lines.map((line) => `${escapeForTerminal(line)}\n`).join("");
}

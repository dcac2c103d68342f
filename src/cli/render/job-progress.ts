import type { Job } from "../job/job.ts";
import type { ProgressState } from "./progress.ts";

/** How far a job has come: inputs of operations that ended, since the service counts no finer. */
export function jobProgress(job: Job): ProgressState {
  const open = new Set(["planned", "submitting", "running"]);
  let done = 0;
  let total = 0;
  let ended = 0;
  for (const { chunk, state } of job.chunks) {
    total += chunk.inputs.length;
    if (open.has(state)) continue;
    done += chunk.inputs.length;
    ended++;
  }
  const detail = `${ended} of ${job.chunks.length} operations ended`;
  return { phase: "annotating", done, total, unit: "inputs", detail };
}

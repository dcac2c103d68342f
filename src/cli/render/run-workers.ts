import type { RunSnapshot } from "../../runs/index.ts";
import { formatDuration } from "./run-progress.ts";

/** For so long nobody need have a request in hand, though a process works on the run. */
const quietMs = 60_000;

/** Who works on a run that is not over, and what to do if nobody does. */
export function workerLines(
  { state, workers, atMs }: RunSnapshot,
  { goOn }: { readonly goOn: string },
): readonly string[] {
  if (workers.length > 0) {
    return workers.map(
      ({ worker, chunks, leaseUntilMs }) =>
        `worked on by ${worker}: ${chunks} requests in hand, lost if it is not heard of for ${formatDuration(leaseUntilMs - atMs)}`,
    );
  }
  if (state !== "running" && state !== "cancelling") return [];
  return [
    "nobody has a request of it in hand at this moment",
    `  unless a process waits to go on with it, go on with: ${goOn}`,
  ];
}

/** Notices that nobody seems to work on a run that is watched. */
export class IdleWatch {
  #lastMs: number | undefined;
  #seen = "";
  #isTold = false;

  /** What is to be said now; once for each time that nobody works on it. */
  look(snapshot: RunSnapshot, { goOn }: { readonly goOn: string }): string | undefined {
    const { state, workers, atMs, polls, submits, chunks, openInputs } = snapshot;
    const seen = JSON.stringify([state, polls, submits, chunks, openInputs]);
    const mayBeIdle = state === "running" || state === "cancelling";
    if (!mayBeIdle || workers.length > 0 || seen !== this.#seen || this.#lastMs === undefined) {
      this.#lastMs = atMs;
      this.#seen = seen;
      this.#isTold = false;
      return undefined;
    }
    const idleMs = atMs - this.#lastMs;
    if (idleMs < quietMs || this.#isTold) return undefined;
    this.#isTold = true;
    return `for ${formatDuration(idleMs)} nobody was seen to work on it: unless a process waits to go on with it, go on with: ${goOn}`;
  }
}

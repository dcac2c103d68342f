import { StorageError } from "../../errors/index.ts";
import type { Cost, RunSnapshot } from "../../runs/index.ts";
import type { ProgressState } from "./progress.ts";

/** How far a run has come, in the terms of a progress line. */
export function runProgress(snapshot: RunSnapshot): ProgressState {
  const { inputs, chunks, state } = snapshot;
  const { inputsPerSecond: rate = 0, timeLeftMs, undecided, cost, problem, atMs } = snapshot;
  const ended = chunks.done + chunks.failed + chunks.cancelled;
  const processing = chunks.submitting + chunks.running + chunks.collecting;
  const looked = chunks.unknown - undecided;
  const isMoving = inputs.open > 0 && problem === undefined;
  const details = [
    `${ended} of ${chunks.total} requests ended`,
    processing > 0 ? `${processing} under way` : "",
    looked > 0 ? `${looked} of unknown fate looked for` : "",
    undecided > 0 ? `${undecided} to be decided on` : "",
    problem === undefined
      ? ""
      : `${unreached(problem)} not reached for ${formatDuration(atMs - problem.sinceMs)}`,
    rate > 0 && isMoving ? `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s` : "",
    timeLeftMs !== undefined && isMoving ? `${formatDuration(timeLeftMs)} left` : "",
    cost.amount > 0 ? formatCost(cost) : "",
  ];
  return {
    phase: phases[state] ?? "annotating",
    ...{ done: inputs.total - inputs.open, total: inputs.total, unit: "inputs" },
    detail: details.filter((detail) => detail !== "").join(", "),
  };
}

const phases: Readonly<Partial<Record<RunSnapshot["state"], string>>> = {
  planning: "planning",
  paused: "paused",
  cancelling: "cancelling",
  cancelled: "cancelled",
};

/** What a run waits for that is out of reach. */
export function unreached({ error }: Required<RunSnapshot>["problem"]): string {
  return error instanceof StorageError ? "the storage" : "the service";
}

/** A time span in its two largest units: `45 s`, `3 h 20 min`, `2 d 4 h`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Money, and what of it has no known price. */
export function formatCost({ currency, amount, unpriced }: Cost): string {
  const known = `${currency} ${amount.toFixed(2)}`;
  return unpriced.length === 0 ? known : `${known} and ${unpriced.join(", ")} (no known price)`;
}

/** A time as runs tell it. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString();
}

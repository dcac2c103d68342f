import { resultStatuses } from "../../results/index.ts";
import { chunkStates, type ChunkRecord, type RunSnapshot } from "../../runs/index.ts";
import type { RunStory } from "../run-story.ts";
import { eventLine } from "./run-events.ts";
import type { LeftHints } from "./left-run.ts";
import { formatCost, formatDuration, formatTime, unreached } from "./run-progress.ts";
import { workerLines } from "./run-workers.ts";
import { statusWords } from "./summary.ts";

/** What happened to a run, a line each. */
export function runLines(story: RunStory, hints: LeftHints): readonly string[] {
  const { snapshot, options, settings, troubled, events } = story;
  const { inputs, chunks, submits, state, error } = snapshot;
  const counts = resultStatuses.filter((status) => inputs[status] > 0);
  const states = chunkStates.filter((each) => chunks[each] > 0);
  return [
    `run ${snapshot.id}: ${state}${error === undefined ? "" : ` (${error.message})`}`,
    ...problemLines(snapshot),
    ...undeliveredLines(snapshot),
    ...workerLines(snapshot, hints),
    `created ${formatTime(snapshot.createdMs)}${timeLeft(snapshot.timeLeftMs)}`,
    `options ${JSON.stringify(options)}`,
    ...(Object.keys(settings).length === 0 ? [] : [`settings ${JSON.stringify(settings)}`]),
    `inputs ${inputs.total}: ${[...counts.map((status) => `${inputs[status]} ${statusWords[status]}`), `${inputs.open} open`].join(", ")}`,
    `chunks ${chunks.total}: ${states.map((each) => `${chunks[each]} ${each}`).join(", ")}`,
    `submits: ${Object.entries(submits)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ")}; ${snapshot.retries} repeated, ${snapshot.rounds} rounds of retry`,
    `reads of operations: ${snapshot.polls}`,
    `price: ${formatCost(snapshot.cost)}${perhaps(story)}`,
    "",
    ...events.map(eventLine),
    ...(troubled.length === 0
      ? []
      : ["", ...troubled.flatMap((chunk) => troubleLines(chunk, hints))]),
  ];
}

function problemLines({ problem }: RunSnapshot): string[] {
  if (problem === undefined) return [];
  const { sinceMs, error } = problem;
  return [
    `${unreached(problem)} is not reached since ${formatTime(sinceMs)}: ${error.message}`,
    "  once it is, whoever works on the run goes on by itself",
  ];
}

function undeliveredLines({ undelivered }: RunSnapshot): string[] {
  if (undelivered === undefined) return [];
  return [
    `the records of ${undelivered} ended chunks were not handed on yet`,
    "  workers offer them again by themselves, and at once after runs resume",
  ];
}

function timeLeft(ms: number | undefined): string {
  return ms === undefined ? "" : `, ${formatDuration(ms)} left`;
}

function perhaps({ snapshot: { perhapsCost } }: RunStory): string {
  return perhapsCost.amount === 0
    ? ""
    : `, and ${formatCost(perhapsCost)} for what may have been accepted`;
}

function troubleLines(chunk: ChunkRecord, hints: LeftHints): string[] {
  const { number, state, size, dueMs } = chunk;
  const line = `chunk ${number}: ${state}, ${size} inputs${reason(chunk)}`;
  return state === "unknown" && dueMs === undefined
    ? [line, `  decide with: ${hints.decide(number)} (or fail)`]
    : [line];
}

function reason({ error }: ChunkRecord): string {
  const message = error?.["message"];
  return typeof message === "string" ? `: ${message}` : "";
}

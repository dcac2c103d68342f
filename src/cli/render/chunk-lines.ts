import { resultStatuses } from "../../results/index.ts";
import type { AttemptRecord } from "../../runs/index.ts";
import type { ChunkStory } from "../run-story.ts";
import type { LeftHints } from "./left-run.ts";
import { eventLine } from "./run-events.ts";
import { formatCost, formatTime } from "./run-progress.ts";

/** What happened to a chunk, a line each. */
export function chunkLines(
  { chunk, attempts, events, price, manifest }: ChunkStory,
  hints: LeftHints,
): readonly string[] {
  const { number, kind, state, size, counts, round, polls, worker, dueMs } = chunk;
  const told = [...resultStatuses, "retried" as const].filter((status) => counts[status] > 0);
  const error = chunk.error?.["message"];
  const isUndecided = state === "unknown" && dueMs === undefined;
  const perhaps = price.perhapsUnits > 0 ? ` and perhaps ${price.perhapsUnits} more` : "";
  return [
    `chunk ${number}: ${state}, ${size} ${kind}s${round === 0 ? "" : `, sent again in round ${round}`}`,
    ...(told.length === 0 ? [] : [told.map((status) => `${counts[status]} ${status}`).join(", ")]),
    ...(typeof error === "string" ? [`because: ${error}`] : []),
    `${attempts.length} attempts, ${polls} reads of operations${worker === undefined ? "" : `, held by ${worker}`}`,
    `billed: ${price.units} ${kind === "image" ? "images" : "pages"}${perhaps}, ${formatCost(price.share)} of the price of the run`,
    ...(manifest === undefined ? [] : [`output: ${JSON.stringify(manifest)}`]),
    ...(isUndecided ? [`decide with: ${hints.decide(number)} (or fail)`] : []),
    "",
    ...attempts.flatMap(attemptLines),
    "",
    ...events.map(eventLine),
  ];
}

function attemptLines({
  attempt,
  prefix,
  outcome,
  operation,
  intentMs,
  worker,
  error,
}: AttemptRecord): string[] {
  const reason = error?.["message"];
  return [
    `attempt ${attempt}: ${outcome ?? "without an answer yet"}, ${formatTime(intentMs)} [${worker}]`,
    `  output ${prefix}`,
    ...(operation === undefined ? [] : [`  operation ${operation.name}`]),
    ...(typeof reason === "string" ? [`  because: ${reason}`] : []),
  ];
}

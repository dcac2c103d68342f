import type { Run, RunSnapshot } from "../runs/index.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import type { Progress } from "./render/progress.ts";
import { formatCost } from "./render/run-progress.ts";
import { formatSummary } from "./render/summary.ts";
import type { RunRecords } from "./run-records.ts";
import { readRunTotals } from "./run-totals.ts";
import type { RunEnd } from "./run-work.ts";
import { say } from "./say.ts";
import type { Streams } from "./streams.ts";

/** What {@link finishRun} needs. */
export interface FinishOptions {
  readonly streams: Streams;
  readonly progress: Progress;
  /** The records, where they are written. */
  readonly records: RunRecords | undefined;
  readonly startedMs: number;
  /** What to do about inputs without a result; absent where there is nothing to do it with. */
  readonly hints?: FinishHints | undefined;
}

/** Commands that are proposed for a run that is over. */
export interface FinishHints {
  readonly results: string;
  readonly retry: string;
}

/** Writes what is left of the records of a run that is over, says what came of it, and tells the exit code. */
export async function finishRun(
  run: Run,
  { snapshot, isOver }: RunEnd,
  options: FinishOptions,
): Promise<ExitCode> {
  const { streams, progress, records, startedMs } = options;
  if (!isOver) return unfinishedCode(snapshot);
  const written = await records?.finish(snapshot);
  progress.stop();
  const { requestsFailed, ...totals } = await readRunTotals(run);
  const counts = { inputs: snapshot.inputs.total, counts: snapshot.inputs, ...totals };
  const { shortfalls = [], shortfallCount = 0 } = written ?? {};
  const facts = { rows: rowsOf(snapshot), shortfalls, shortfallCount, oddities: totals.oddities };
  const elapsedMs = Date.now() - startedMs;
  streams.stderr.write(formatSummary(counts, { ...facts, elapsedMs }));
  if (snapshot.state === "cancelled") return exitCodes.interrupted;
  if (snapshot.inputs.succeeded === snapshot.inputs.total) return exitCodes.done;
  if (options.hints !== undefined) sayWhatNext(snapshot, streams, options.hints);
  return requestsFailed ? exitCodes.serviceFailed : exitCodes.inputsFailed;
}

/** A pause is the doing of a person; all else that stops a run before its end is not. */
function unfinishedCode({ state }: RunSnapshot): ExitCode {
  return state === "paused" ? exitCodes.interrupted : exitCodes.serviceFailed;
}

function sayWhatNext({ inputs }: RunSnapshot, streams: Streams, hints: FinishHints): void {
  say(streams, `see which inputs have no result, and why, by: ${hints.results}`);
  if (inputs.failed + inputs.missing + inputs.notSubmitted > 0) {
    say(streams, `send them again, which is billed, by: ${hints.retry}`);
  }
}

function rowsOf({ chunks, retries, cost, perhapsCost }: RunSnapshot): [string, string][] {
  const rows: [string, string][] = [];
  const { done, failed, cancelled } = chunks;
  for (const [state, count] of Object.entries({ succeeded: done, failed, cancelled })) {
    if (count > 0) rows.push([`requests ${state}`, String(count)]);
  }
  if (retries > 0) rows.push(["submits repeated", String(retries)]);
  rows.push(["price", formatCost(cost)]);
  if (perhapsCost.amount > 0)
    rows.push(["price of what was perhaps accepted", formatCost(perhapsCost)]);
  return rows;
}

import type { RunPlan } from "../../../runs/index.ts";
import { connect } from "../../connection.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { gatherInputs } from "../../inputs/gather-inputs.ts";
import { parseJobFlags, type JobFlags } from "../../job-flags.ts";
import { createProgress } from "../../render/create-progress.ts";
import { toSafeJson } from "../../render/escape.ts";
import { formatCost, formatDuration } from "../../render/run-progress.ts";
import { formatTable } from "../../render/table.ts";
import {
  parseChunkFlags,
  parseCount,
  parseNumber,
  parseSettingFlags,
  type ChunkFlags,
  type SettingFlags,
} from "../../run-flags.ts";
import { openRunsOver } from "../../runs-session.ts";
import type { Streams } from "../../streams.ts";

/** The options of `vision-batch runs plan`. */
export interface PlanFlags extends JobFlags, ChunkFlags, SettingFlags {
  readonly prices?: string;
  readonly pagesPerFile?: string;
  readonly operationSeconds?: string;
  readonly unitsBefore?: string;
  readonly json?: boolean;
}

/** `vision-batch runs plan`: tells what a run would send, write, take and cost. */
export async function planRun(
  args: readonly string[],
  flags: PlanFlags,
  streams: Streams,
): Promise<ExitCode> {
  const { options } = parseJobFlags(flags);
  const request = { ...options, ...parseSettingFlags(flags), ...parseChunkFlags(flags) };
  const assumed = parseAssumptions(flags);
  await using connection = await connect(flags);
  const progress = createProgress(streams.stderr, flags.quiet);
  const inputs = await gatherInputs({
    ...{ args, flags, streams, progress, output: options.output, stage: false },
    ...{ store: await connection.store(), signal: new AbortController().signal },
  });
  const { prices } = flags;
  const journal = "sqlite::memory:";
  await using session = await openRunsOver(connection, {
    journal,
    ...(prices === undefined ? {} : { prices }),
  });
  const plan = await session.runs.plan({ ...request, ...assumed, inputs });
  progress.stop();
  streams.stdout.write(flags.json === true ? `${toSafeJson(plan)}\n` : formatPlan(plan, assumed));
  return exitCodes.done;
}

function parseAssumptions(flags: PlanFlags) {
  const { operationSeconds: seconds } = flags;
  return {
    pagesPerFile: parseCount("--pages-per-file", flags.pagesPerFile, { min: 1 }),
    unitsBefore: parseCount("--units-before", flags.unitsBefore),
    operationMs:
      seconds === undefined ? undefined : parseNumber("--operation-seconds", seconds) * 1000,
  };
}

function formatPlan(
  { inputs, images, files, requests, shards, atLeastMs, cost }: RunPlan,
  { pagesPerFile, operationMs }: ReturnType<typeof parseAssumptions>,
): string {
  const lines = [
    ["inputs", String(inputs)],
    ["  images", String(images)],
    ["  documents", String(files)],
    ...(cost.pages === undefined || files === 0 ? [] : [["  their pages", String(cost.pages)]]),
    ["requests (operations)", String(requests)],
    ["result shards", String(shards)],
    ["time at least", formatDuration(atLeastMs)],
    ["price", formatCost(cost)],
  ];
  const notes = [
    files > 0 && pagesPerFile === undefined
      ? "The pages of documents are not known: their shards and price are left out (--pages-per-file).\n"
      : "",
    operationMs === undefined
      ? "The time is that of the submits alone (--operation-seconds).\n"
      : "",
  ];
  return formatTable(lines) + notes.join("");
}

import type { RunSnapshot } from "../../../runs/index.ts";
import { exitCodes, type ExitCode } from "../../exit-codes.ts";
import { escapeForTerminal, toSafeJson } from "../../render/escape.ts";
import { formatCost, formatTime } from "../../render/run-progress.ts";
import { formatTable } from "../../render/table.ts";
import type { RunsFlags } from "../../runs-flags.ts";
import { openRunsThere } from "../../runs-session.ts";
import type { Streams } from "../../streams.ts";

/** The options of `vision-batch runs list`. */
export interface ListFlags extends RunsFlags {
  readonly json?: boolean;
}

/** `vision-batch runs list`: every run of the journal with how far it has come. */
export async function listRuns(flags: ListFlags, { stdout }: Streams): Promise<ExitCode> {
  await using session = await openRunsThere(flags);
  const rows: string[][] = [["run", "state", "inputs", "open", "no result", "price", "created"]];
  for await (const run of session.runs.list()) {
    const snapshot = await run.snapshot();
    if (flags.json === true) stdout.write(`${toSafeJson(snapshot)}\n`);
    else rows.push(rowOf(snapshot).map(escapeForTerminal));
  }
  if (flags.json !== true) stdout.write(formatTable(rows));
  return exitCodes.done;
}

function rowOf({ id, state, inputs, cost, createdMs }: RunSnapshot): string[] {
  const { total, open, failed, missing, notSubmitted } = inputs;
  const lacking = failed + missing + notSubmitted;
  const counts = [total, open, lacking].map(String);
  return [id, state, ...counts, formatCost(cost), formatTime(createdMs)];
}

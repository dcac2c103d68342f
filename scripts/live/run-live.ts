import { randomBytes } from "node:crypto";
import { ArgumentsError, readArguments, usage, type RunCommand } from "./arguments.ts";
import { ask } from "./ask.ts";
import { checkReport } from "./check-report.ts";
import { cleanUp, type CleanUp } from "./clean-up.ts";
import { openClient, openStore } from "./connect.ts";
import { describeCost } from "./cost.ts";
import { factsTable } from "./facts-table.ts";
import { LiveContext, type LiveParts } from "./live-context.ts";
import type { LiveIo } from "./live-io.ts";
import { OperationLog } from "./operation-log.ts";
import { absentBucketPrefix } from "./probes/operation-errors.ts";
import { RawCalls } from "./raw-calls.ts";
import { ReportFile } from "./report.ts";
import { runProbes } from "./run-probes.ts";
import { placeInputs, stageInputs } from "./stage-inputs.ts";

/**
 * The script: answers the exit code. 0: every question is settled; 1: some are not, or the answer
 * was no; 2: wrong use; nothing was sent then.
 */
export async function runLive(args: readonly string[], io: LiveIo): Promise<number> {
  try {
    const command = readArguments(args, io.environment);
    if (command.kind === "check") return await checkReport(command, io);
    if (command.kind === "run") return await runCommand(command, io);
    io.stdout.write(usage);
    return 0;
  } catch (error) {
    const isUsage = error instanceof ArgumentsError;
    io.stderr.write(`live: ${(error as Error).message}\n${isUsage ? `\n${usage}` : ""}`);
    return isUsage ? 2 : 1;
  }
}

async function runCommand(command: RunCommand, io: LiveIo): Promise<number> {
  const runId = newRunId();
  const prefix = `gs://${command.bucket}/vision-batch-live/${runId}/`;
  if (!(await agree(command, io, prefix))) {
    io.stderr.write("nothing was sent\n");
    return 1;
  }
  const file = new ReportFile(command, runId, prefix);
  const operations = new OperationLog((all) => {
    file.update({ operations: all });
  });
  await using context = await openContext(command, {
    runId,
    prefix,
    operations,
    signal: io.signal,
  });
  await investigate(context, file, io);
  const facts = Object.entries(file.report.facts);
  const rows = facts.map(([key, { observed }]) => [key, observed] as const);
  io.stdout.write(factsTable(rows, io.stdout.columns));
  io.stdout.write(`report: ${file.path}\n`);
  return facts.every(([, { settled }]) => settled) ? 0 : 1;
}

/** In the names of objects and buckets: lower case, and sorted by time. */
function newRunId(): string {
  const time = new Date().toISOString().slice(0, 19).replace(/\D/g, "");
  return `${time}-${randomBytes(3).toString("hex")}`;
}

async function agree(command: RunCommand, io: LiveIo, prefix: string): Promise<boolean> {
  const { service, keep, yes } = command;
  io.stderr.write(describeCost(command.probes, service.emulator !== undefined));
  io.stderr.write(`It writes below ${prefix}${keep ? "" : " and deletes that at the end"}.\n`);
  if (yes) return true;
  if (io.stdin.isTTY !== true) {
    throw new ArgumentsError("there is no terminal to ask at: --yes agrees to the cost");
  }
  return ask(io, "Go on?");
}

async function openContext(
  command: RunCommand,
  parts: Pick<LiveParts, "runId" | "prefix" | "operations" | "signal">,
): Promise<LiveContext> {
  const { service } = command;
  const inputs = placeInputs(parts.prefix);
  const store = openStore(service);
  const raw = await RawCalls.open(service);
  const client = openClient(service);
  return new LiveContext({ ...parts, command, client, raw, store, inputs });
}

async function investigate(context: LiveContext, file: ReportFile, io: LiveIo): Promise<void> {
  const { store, inputs, signal, command } = context;
  const begun = performance.now();
  try {
    await stageInputs(store, inputs, signal);
    await runProbes(context, command.probes, (key, fact) => {
      file.addFact(key, fact);
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      io.stderr.write(`${seconds} s: ${key} ${fact.settled ? "settled" : "not settled"}\n`);
    });
  } finally {
    const cleaned = await leaveClean(context, io);
    const endedAt = new Date().toISOString();
    file.update({ cleanUp: cleaned, endedAt });
  }
}

async function leaveClean(context: LiveContext, io: LiveIo): Promise<CleanUp> {
  const { command, prefix, store, operations } = context;
  const running = operations.all.filter(({ seenDoneAt }) => seenDoneAt === undefined);
  if (running.length > 0) {
    io.stderr.write(
      `${running.length} operations were not seen to end and may still write below ${prefix}\n`,
    );
  }
  if (command.keep) return { kept: true, deleted: 0 };
  const cleaned = await cleanUp(store, [prefix, absentBucketPrefix(context)]);
  if (cleaned.error !== undefined) io.stderr.write(`not everything below ${prefix} was deleted\n`);
  return cleaned;
}

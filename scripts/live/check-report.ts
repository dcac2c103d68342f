import { readFileSync, writeFileSync } from "node:fs";
import { ArgumentsError, type CheckCommand } from "./arguments.ts";
import { askWhichAreKnown, type KnownOperation } from "./check-operations.ts";
import { factsTable } from "./facts-table.ts";
import type { LiveIo } from "./live-io.ts";
import { RawCalls } from "./raw-calls.ts";
import type { LiveReport } from "./report.ts";

/** Which operations of an earlier run were still known. */
export interface CheckReport {
  readonly report: "vision-batch-live-check";
  readonly version: 1;
  readonly runId: string;
  readonly checkedAt: string;
  readonly operations: readonly KnownOperation[];
}

/**
 * Asks which operations of an earlier report are still known, at the host that it was made with.
 * @throws ArgumentsError for a file that is no such report.
 */
export async function checkReport(command: CheckCommand, io: LiveIo): Promise<number> {
  const { runId, operations, project, location, emulator } = readReport(command.report);
  if (emulator !== undefined && command.service.emulator === undefined) {
    throw new ArgumentsError("the report was made with an emulator: name the one that runs now");
  }
  const raw = await RawCalls.open({
    ...command.service,
    project: command.service.project ?? project,
    location: command.service.location ?? location,
  });
  try {
    const known = await askWhichAreKnown(raw, operations, io.signal);
    const rows = known.map(({ name, code, ageHours, purpose }): [string, string] => [
      name,
      `${code} after ${ageHours} h (${purpose})`,
    ]);
    io.stdout.write(factsTable(rows, io.stdout.columns));
    const checkedAt = new Date().toISOString();
    write(command.out, { ...identity, runId, checkedAt, operations: known });
    return 0;
  } finally {
    await raw.close();
  }
}

const identity = { report: "vision-batch-live-check", version: 1 } as const;

function readReport(path: string): LiveReport {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new ArgumentsError(`--check ${path}: ${(cause as Error).message}`);
  }
  const report = content as Partial<LiveReport> | null;
  if (report?.report !== "vision-batch-live" || !Array.isArray(report.operations)) {
    throw new ArgumentsError(`--check ${path}: this is not a report of npm run live`);
  }
  return content as LiveReport;
}

function write(out: string | undefined, report: CheckReport): void {
  if (out !== undefined) writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
}

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { RunCommand } from "./arguments.ts";
import type { CleanUp } from "./clean-up.ts";
import { countUnits } from "./cost.ts";
import type { LoggedOperation } from "./operation-log.ts";
import type { Finding } from "./probe.ts";

/** What became of one question. */
export interface Fact extends Finding {
  readonly question: string;
  /** False where the probe failed: `observed` then says of what. */
  readonly settled: boolean;
}

/** Everything that a run saw. */
export interface LiveReport {
  readonly report: "vision-batch-live";
  readonly version: 1;
  readonly runId: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly project: string;
  readonly bucket: string;
  readonly location?: RunCommand["service"]["location"];
  readonly emulator?: RunCommand["service"]["emulator"];
  /** Where everything was written. */
  readonly prefix: string;
  readonly unitsAtMost: number;
  /** By the key of the probe. */
  readonly facts: Readonly<Record<string, Fact>>;
  readonly operations: readonly LoggedOperation[];
  readonly cleanUp?: CleanUp;
}

/** A report in a file, which is whole after every change: a killed run loses no operation name. */
export class ReportFile {
  readonly path: string;
  readonly #keys: readonly string[];
  #report: LiveReport;

  /** Writes the report without facts, so that a place that cannot be written to costs nothing. */
  constructor(command: RunCommand, runId: string, prefix: string) {
    const { project, location, emulator } = command.service;
    this.#keys = command.probes.map(({ key }) => key);
    this.path = command.out ?? `temp/live-${runId}.json`;
    this.#report = {
      ...{ report: "vision-batch-live", version: 1, runId, startedAt: new Date().toISOString() },
      ...{ project, bucket: command.bucket, location, emulator, prefix },
      ...{ unitsAtMost: countUnits(command.probes), facts: {}, operations: [] },
    };
    mkdirSync(dirname(this.path), { recursive: true });
    this.update({});
  }

  get report(): LiveReport {
    return this.#report;
  }

  /** Adds what became of a question, in the order of the questions. */
  addFact(key: string, fact: Fact): void {
    const facts = { ...this.#report.facts, [key]: fact };
    const inOrder = this.#keys.flatMap((known) => {
      const one = facts[known];
      return one === undefined ? [] : [[known, one] as const];
    });
    this.update({ facts: Object.fromEntries(inOrder) });
  }

  /** Changes the report and the file. */
  update(changes: Partial<Pick<LiveReport, "facts" | "operations" | "cleanUp" | "endedAt">>): void {
    this.#report = { ...this.#report, ...changes };
    writeFileSync(this.path, `${JSON.stringify(this.#report, null, 2)}\n`);
  }
}

import { mkdtemp, rm } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloudStorageStore, openRuns, type Runs } from "../../src/index.ts";
import { EmulatorProcess } from "./emulator-process.ts";
import { hurriedClock } from "./hurried-clock.ts";
import { recordings } from "./inputs.ts";
import { RunDatabase } from "./run-database.ts";
import { makeRowTable } from "./row-sink.ts";
import { runSql } from "../postgres/run-sql.ts";
import { storeRetry, type RunnerOptions } from "./runner-options.ts";
import type { Scenario } from "./scenario.ts";

/** What a run takes place on: an emulator in its own process, and a journal in a folder or on a server of its own. */
export class Stage implements AsyncDisposable {
  readonly emulator: EmulatorProcess;
  readonly folder: string;
  /** The runs of the journal as a bystander has them, who works on none. */
  readonly runs: Runs;
  /** Where workers share the run. */
  readonly database: RunDatabase | undefined;
  readonly #runner: Omit<RunnerOptions, "task">;

  private constructor(
    emulator: EmulatorProcess,
    folder: string,
    {
      runs,
      runner,
      database,
    }: {
      runs: Runs;
      runner: Omit<RunnerOptions, "task">;
      database: RunDatabase | undefined;
    },
  ) {
    this.emulator = emulator;
    this.folder = folder;
    this.runs = runs;
    this.database = database;
    this.#runner = runner;
  }

  static async open(scenario: Scenario): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "vision-batch-chaos-"));
    writeFileSync(join(folder, "index.json"), JSON.stringify(recordings));
    const emulator = await EmulatorProcess.start({
      ...scenario.emulator,
      ...{ recordedDir: folder, recordedFor: "all", directory: bucketsOf(folder) },
    });
    const { addresses } = emulator;
    const database = await openDatabase(scenario);
    const originMs = database === undefined ? Date.now() : undefined;
    const journal = database?.url ?? `sqlite:${join(folder, "runs.db")}`;
    const runs = await openRuns({
      journal,
      ...(originMs === undefined ? { drive: false } : { clock: hurriedClock(originMs) }),
      client: { emulator: { grpc: addresses.grpc, rest: addresses.http } },
      store: createCloudStorageStore({ apiEndpoint: addresses.http, retry: storeRetry }),
    });
    return new Stage(emulator, folder, {
      runs,
      database,
      runner: {
        ...{ addresses, journal, scenario },
        ...(originMs === undefined ? {} : { originMs }),
      },
    });
  }

  /** The folder with the emulator's buckets. */
  get buckets(): string {
    return bucketsOf(this.folder);
  }

  /** The file for what a process says. */
  logOf(name: string): string {
    return join(this.folder, `${name}.log`);
  }

  /** What a process is told for a task, and by which way it goes to a database that is shared. */
  runnerOptions(task: RunnerOptions["task"], way = this.#serviceWay): RunnerOptions {
    const journal = this.database?.urlBy(way) ?? this.#runner.journal;
    return { ...this.#runner, journal, task };
  }

  /** That after those of all workers. */
  get #serviceWay(): number {
    return this.#runner.scenario.workers?.count ?? 0;
  }

  /** Ends everything; the folder stays until `remove`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.runs.close();
    await this.emulator[Symbol.asyncDispose]();
    await this.database?.[Symbol.asyncDispose]();
  }

  /** Removes journal, output and what the processes said. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function openDatabase({ workers }: Scenario): Promise<RunDatabase | undefined> {
  if (workers === undefined) return undefined;
  const database = await RunDatabase.start(workers);
  await runSql(database.url, makeRowTable);
  return database;
}

function bucketsOf(folder: string): string {
  return join(folder, "buckets");
}

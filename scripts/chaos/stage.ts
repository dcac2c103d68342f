import { mkdtemp, rm } from "node:fs/promises";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCloudStorageStore, openRuns, type Runs } from "../../src/index.ts";
import { EmulatorProcess } from "./emulator-process.ts";
import { hurriedClock } from "./hurried-clock.ts";
import { recordings } from "./inputs.ts";
import { storeRetry, type RunnerOptions } from "./runner-options.ts";
import type { Scenario } from "./scenario.ts";

/** What a run takes place on: an emulator in its own process, and a journal in a folder of its own. */
export class Stage implements AsyncDisposable {
  readonly emulator: EmulatorProcess;
  readonly folder: string;
  /** The runs of the journal as a bystander has them, who works on none. */
  readonly runs: Runs;
  readonly #runner: Omit<RunnerOptions, "task">;

  private constructor(
    emulator: EmulatorProcess,
    folder: string,
    { runs, runner }: { runs: Runs; runner: Omit<RunnerOptions, "task"> },
  ) {
    this.emulator = emulator;
    this.folder = folder;
    this.runs = runs;
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
    const originMs = Date.now();
    const journal = `sqlite:${join(folder, "runs.db")}`;
    const runs = await openRuns({
      journal,
      clock: hurriedClock(originMs),
      client: { emulator: { grpc: addresses.grpc, rest: addresses.http } },
      store: createCloudStorageStore({ apiEndpoint: addresses.http, retry: storeRetry }),
    });
    return new Stage(emulator, folder, {
      runs,
      runner: { addresses, journal, originMs, scenario },
    });
  }

  /** The folder with the emulator's buckets. */
  get buckets(): string {
    return bucketsOf(this.folder);
  }

  /** What a runner is told for a task. */
  runnerOptions(task: RunnerOptions["task"]): RunnerOptions {
    return { ...this.#runner, task };
  }

  /** Ends everything; the folder stays until `remove`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.runs.close();
    await this.emulator[Symbol.asyncDispose]();
  }

  /** Removes journal and output. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function bucketsOf(folder: string): string {
  return join(folder, "buckets");
}

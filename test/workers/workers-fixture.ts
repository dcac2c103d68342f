import { setTimeout as sleep } from "node:timers/promises";
import { openRuns, VisionBatchClient, type Runs } from "../../src/index.ts";
import { createWorker, type CreateWorkerOptions, type Worker } from "../../src/workers/index.ts";
import { startCli, type RunningCli } from "../cli/spawn-cli.ts";
import type { TestEmulatorOptions } from "../fixtures/emulator.ts";
import { createDatabase, type PostgresServer } from "../fixtures/postgres-server.ts";
import { RunsFixture } from "../runs/runs-fixture.ts";

/** An emulator, a database, and workers and services that are closed at the end. */
export class WorkersFixture {
  readonly runs: RunsFixture;
  readonly url: string;
  readonly server: PostgresServer;
  readonly #drop: () => Promise<void>;
  readonly #opened: { close(): Promise<void> }[] = [];
  readonly #processes: RunningCli[] = [];

  private constructor(runs: RunsFixture, database: Awaited<ReturnType<typeof createDatabase>>) {
    this.runs = runs;
    this.url = database.url;
    this.server = database.server;
    this.#drop = database.drop;
  }

  static async start(options: TestEmulatorOptions = {}): Promise<WorkersFixture> {
    return new WorkersFixture(await RunsFixture.start(options), await createDatabase());
  }

  get admin() {
    return this.runs.admin;
  }

  /** Starts a worker that is as quick as may be. */
  async worker(options: Partial<CreateWorkerOptions> = {}): Promise<Worker> {
    const client = new VisionBatchClient({ emulator: this.runs.addresses });
    const quick = { pollIntervalMs: 500, lookIntervalMs: 1000, leaseMs: 3000 };
    const worker = await createWorker({ journal: this.url, client, ...quick, ...options });
    this.#opened.push({
      close: async () => {
        await worker.close();
        await client.close();
      },
    });
    return worker;
  }

  /** Starts `vision-batch worker`; resolves once it takes jobs. */
  async workerProcess(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<RunningCli> {
    const { grpc, rest } = this.runs.addresses;
    const addresses = { VISION_EMULATOR_HOST: grpc, VISION_EMULATOR_HTTP: rest };
    const worker = startCli(["worker", "--journal", this.url, ...args], {
      env: { ...addresses, ...env },
    });
    this.#processes.push(worker);
    await worker.says("the worker takes jobs");
    return worker;
  }

  /** What all worker processes have logged so far. */
  get logged(): string {
    return this.#processes.map((each) => each.said().stderr).join("");
  }

  /** Opens the runs as a service does that starts and watches them and works on none. */
  async service(): Promise<Runs> {
    const client = new VisionBatchClient({ emulator: this.runs.addresses });
    const runs = await openRuns({ journal: this.url, drive: false, client });
    this.#opened.push({
      close: async () => {
        await runs.close();
        await client.close();
      },
    });
    return runs;
  }

  async close(): Promise<void> {
    for (const { child } of this.#processes) child.kill("SIGKILL");
    await Promise.all(this.#processes.map(({ ended }) => ended));
    await Promise.all(this.#opened.map((each) => each.close()));
    await this.runs.close();
    await this.#drop();
  }
}

/** Waits for what other processes do, and leaves them the processor. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

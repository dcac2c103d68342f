import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSlicedChild, type Measurement, type SlicedChild } from "../child-process.ts";
import { response } from "../children/run-load.mjs";
import {
  startMeteredDatabase,
  type DatabaseSizes,
  type MeteredDatabase,
} from "./database-meter.ts";

/** An emulator, a database and a service that starts runs, from which workers are measured. */
export class WorkerBench implements AsyncDisposable {
  readonly database: MeteredDatabase;
  readonly emulator: SlicedChild;
  /** A script that starts runs and works on none. */
  readonly service: SlicedChild;
  readonly #root: string;
  readonly #addresses: readonly [grpc: string, http: string];
  readonly #stack: AsyncDisposableStack;

  private constructor(
    parts: Pick<WorkerBench, "database" | "emulator" | "service">,
    more: {
      readonly root: string;
      readonly addresses: readonly [grpc: string, http: string];
      readonly stack: AsyncDisposableStack;
    },
  ) {
    this.database = parts.database;
    this.emulator = parts.emulator;
    this.service = parts.service;
    this.#root = more.root;
    this.#addresses = more.addresses;
    this.#stack = more.stack;
  }

  /** Everything is in processes of its own; `count` is for the service. */
  static async start(count: number): Promise<WorkerBench> {
    await using stack = new AsyncDisposableStack();
    const root = mkdtempSync(join(tmpdir(), "vision-batch-bench-"));
    stack.defer(() => {
      rmSync(root, { recursive: true });
    });
    mkdirSync(join(root, "recorded"));
    writeFileSync(join(root, "recorded", "index.json"), JSON.stringify([{ uri: "*", response }]));
    const database = stack.use(await startMeteredDatabase());
    const closed = (child: SlicedChild): SlicedChild => stack.adopt(child, (one) => one.close());
    const emulator = closed(startSlicedChild("workers-emulator.mjs", [root]));
    const { grpc, http } = await emulator.measure("ports");
    const addresses = [`127.0.0.1:${String(grpc)}`, `http://127.0.0.1:${String(http)}`] as const;
    const args = [database.url, ...addresses, String(count)];
    const service = closed(startSlicedChild("workers-service.mjs", args));
    return new WorkerBench(
      { database, emulator, service },
      { root, addresses, stack: stack.move() },
    );
  }

  /** What the journal takes with nothing in it. */
  async emptySizes(): Promise<DatabaseSizes> {
    // The service has opened it when it answers.
    await this.service.measure("ready");
    return this.database.sizes();
  }

  /** The folder of the emulator's buckets. */
  get buckets(): string {
    return join(this.#root, "buckets");
  }

  /** Starts a worker, whose operations are read so long after their submits for the first time. */
  startWorker(firstPollMs: number): SlicedChild {
    const args = [this.database.url, ...this.#addresses, String(firstPollMs)];
    return startSlicedChild("workers-worker.mjs", args);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

/** A figure that was measured. @throws Error where it was not */
export function figureOf(measured: Measurement, name: string): number {
  const value = measured[name];
  if (value === undefined) throw new Error(`${name} was not measured`);
  return value;
}

const lookMs = 50;
/** Nothing that is waited for takes nearly so long. */
const limitMs = 180_000;

/** Waits for what other processes do. @throws Error where nothing comes of it */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error("the workers came to nothing");
    await sleep(lookMs);
  }
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  openRuns,
  VisionBatchClient,
  type RunInput,
  type RunRequest,
  type Runs,
  type RunsOptions,
} from "../../src/index.ts";
import { TestEmulator, type TestEmulatorOptions } from "../fixtures/emulator.ts";
import { fastClock } from "./fast-clock.ts";

/** An emulator, a folder for journals, and runs that are closed at the end. */
export class RunsFixture {
  readonly test: TestEmulator;
  readonly folder: string;
  readonly #opened: { close(): Promise<void> }[] = [];

  private constructor(test: TestEmulator, folder: string) {
    this.test = test;
    this.folder = folder;
  }

  static async start(options: TestEmulatorOptions = {}): Promise<RunsFixture> {
    const folder = await mkdtemp(join(tmpdir(), "vision-batch-runs-"));
    return new RunsFixture(await TestEmulator.start(options), folder);
  }

  get admin() {
    return this.test.emulator.admin;
  }

  get journal(): string {
    return `sqlite:${join(this.folder, "runs.db")}`;
  }

  get addresses() {
    return { grpc: this.test.emulator.grpc, rest: this.test.emulator.http };
  }

  /** Opens the runs of the journal, as a process of its own would; time runs a hundred times as fast. */
  async open(options: Partial<RunsOptions> = {}): Promise<Runs> {
    const client = new VisionBatchClient({ emulator: this.addresses });
    const base = { journal: this.journal, leaseMs: 300_000, clock: fastClock(100) };
    const runs = await openRuns({ ...base, ...options, client });
    this.#opened.push({
      close: async () => {
        await runs.close();
        await client.close();
      },
    });
    return runs;
  }

  /** How often the service accepted each chunk, by its number. */
  accepted(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { outputPrefixes } of this.admin.submits()) {
      const chunk = Number(/\/(\d{6})\/\d+\//.exec(outputPrefixes[0] ?? "")?.[1]);
      counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
    }
    return counts;
  }

  async close(): Promise<void> {
    for (const each of this.#opened) await each.close();
    await this.test.close();
    await rm(this.folder, { recursive: true });
  }
}

/** So many images, each with a name of its caller's. */
export function images(count: number, from = 0): RunInput[] {
  return Array.from({ length: count }, (_, index) => ({
    uri: `gs://inputs/${from + index}.png`,
    customId: `image ${from + index}`,
  }));
}

/** A run of so many images in chunks of ten. */
export function request(count: number, more: Partial<RunRequest> = {}): RunRequest {
  return {
    ...{ id: "scans", inputs: images(count), features: ["LABEL_DETECTION"] },
    ...{ output: "gs://out/results/", imagesPerChunk: 10, ...more },
  };
}

import type { EmulatorOptions } from "../../src/emulator/index.ts";
import type { OnUnknownSubmit, RunLimits, TransportName } from "../../src/index.ts";
import { planBlows, type Blow } from "./blows.ts";
import { planFaults } from "./plan-faults.ts";
import { hurry } from "./hurried-clock.ts";
import { SeededRandom } from "./random.ts";
import { planWorkers, type WorkersPlan } from "./workers-plan.ts";

/** What a person decides about chunks that nothing more can be found out about. */
export type Verdict = "resubmit" | "fail" | "either";

/** One run with everything that will go wrong in it; all of it follows from the seed and the size. */
export interface Scenario {
  readonly seed: number;
  readonly images: number;
  readonly imagesPerChunk: number;
  readonly batchSize: number;
  readonly transport: TransportName;
  readonly emulator: Pick<
    EmulatorOptions,
    "faults" | "faultSeed" | "retentionMs" | "listSupported" | "waitSupported"
  > & { readonly processingMsPerImage: number };
  readonly settings: {
    readonly onUnknownSubmit: OnUnknownSubmit;
    readonly quarantineMs: number;
    readonly graceMs: number;
    readonly adoptedGraceMs: number;
    readonly limits: RunLimits;
  };
  readonly verdict: Verdict;
  /** Processes that work on the run at a time. */
  readonly runners: number;
  /** Whether a runner reads the results while it works. */
  readonly readsResults: boolean;
  readonly worker: {
    readonly leaseMs: number;
    readonly maxSubmitting: number;
    readonly maxCollecting: number;
  };
  readonly blows: readonly Blow[];
  /** When the run is cancelled, where it is. */
  readonly cancelOnce?: Blow["once"];
  /** Whether what has no result is sent again at the end, once nothing goes wrong any more. */
  readonly retries: boolean;
  /** Workers that share the run; absent: the runners work on it. */
  readonly workers?: WorkersPlan;
}

/** How large the runs are. */
export interface ScenarioSize {
  readonly images: number;
  readonly chunks: number;
  /** Workers that share a database; absent: one process or two over a file. */
  readonly workers?: number;
}

/** Draws a run from a seed. */
export function planScenario(seed: number, size: ScenarioSize): Scenario {
  const random = new SeededRandom(seed);
  return size.workers === undefined
    ? planRun(random, { ...size, seed })
    : withWorkers(random, { ...size, seed, count: size.workers });
}

/** The same run, of many: their time is that of the machine, since leases and jobs are the database's. */
function withWorkers(
  random: SeededRandom,
  { count, ...size }: ScenarioSize & { readonly seed: number; readonly count: number },
): Scenario {
  const workers = planWorkers(random, { chunks: size.chunks, count });
  const { settings, ...run } = planRun(random, { ...size, blows: workers.blows });
  const { quarantineMs, graceMs, adoptedGraceMs, limits } = settings;
  return {
    ...run,
    runners: 1,
    settings: {
      ...settings,
      quarantineMs: Math.ceil(quarantineMs / hurry),
      graceMs: Math.ceil(graceMs / hurry),
      adoptedGraceMs: Math.ceil(adoptedGraceMs / hurry),
      limits: { ...limits, requestsPerMinute: (limits.requestsPerMinute ?? 0) * hurry },
    },
    workers,
  };
}

function planRun(
  random: SeededRandom,
  {
    images,
    chunks,
    seed,
    blows: given,
  }: ScenarioSize & { readonly seed: number; readonly blows?: readonly Blow[] },
): Scenario {
  const runners = random.chance(0.5) ? 2 : 1;
  const blows = given ?? planBlows(random, { chunks, runners });
  return {
    seed,
    images,
    imagesPerChunk: Math.ceil(images / chunks),
    batchSize: random.pick([20, 50, 100]),
    transport: random.chance(0.7) ? "grpc" : "rest",
    emulator: {
      faults: planFaults(random, blows),
      faultSeed: seed,
      // An operation that has ended is forgotten after a moment, or never within a run.
      retentionMs: random.chance(0.3) ? random.integer(50, 1500) : 3_600_000,
      listSupported: random.chance(0.5),
      waitSupported: random.chance(0.5),
      processingMsPerImage: random.between(0.2, 4),
    },
    settings: planSettings(random, images),
    verdict: random.pick(["resubmit", "fail", "either"]),
    runners,
    readsResults: random.chance(0.5),
    worker: {
      leaseMs: random.integer(15, 50) * 1000,
      maxSubmitting: random.pick([1, 4, 8, 16]),
      maxCollecting: random.pick([1, 4, 8]),
    },
    blows,
    retries: random.chance(0.4),
    ...(random.chance(0.15)
      ? { cancelOnce: { of: "submits", reach: random.integer(1, chunks) } }
      : {}),
  };
}

/** Times are those of the hurried clock. */
function planSettings(random: SeededRandom, images: number): Scenario["settings"] {
  return {
    onUnknownSubmit: random.pick(["resubmit", "fail", "wait"]),
    quarantineMs: random.integer(10, 60) * 1000,
    graceMs: random.integer(2, 20) * 1000,
    adoptedGraceMs: random.integer(5, 40) * 1000,
    limits: {
      maxImagesInProcessing: Math.max(200, Math.round(images * random.pick([0.1, 0.4, 1]))),
      requestsPerMinute: random.pick([600, 1800]),
    },
  };
}

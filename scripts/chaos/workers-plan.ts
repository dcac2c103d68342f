import type { PostgresEnd } from "../postgres/postgres-process.ts";
import { planOnce, type Blow, type Once } from "./blows.ts";
import type { SeededRandom } from "./random.ts";

/** What is done to the database, or to the way to it. */
export interface DatabaseBlow {
  /**
   * `fast`, `immediate`, `kill`: the server is ended so, and started again; `cut`: connections end, and are
   * let through again at once; `refuse`: for a while there are none; `stall`: for a while nothing passes.
   */
  readonly kind: PostgresEnd | "cut" | "refuse" | "stall";
  readonly once: Once;
  /** How long it takes, in milliseconds. */
  readonly forMs: number;
  /** Whose way it is, by number: workers, and last the service; absent: everybody's. */
  readonly way?: number;
}

/** Many workers that share a database. */
export interface WorkersPlan {
  readonly count: number;
  readonly leaseMs: number;
  readonly lookIntervalMs: number;
  readonly pollIntervalMs: number;
  readonly concurrency: number;
  /** How far the clock of each is off, in milliseconds. */
  readonly clockOffsMs: readonly number[];
  /** Records as objects of NDJSON, or as rows in the transaction of their delivery. */
  readonly sink: "ndjson" | "transaction";
  readonly blows: readonly Blow[];
  /** What is done to the service that starts the run and waits for its end. */
  readonly serviceBlows: readonly Blow[];
  readonly databaseBlows: readonly DatabaseBlow[];
}

const tenMinutesMs = 600_000;
/** Workers need longer than a process that has its journal to itself. */
const latestMs = 15_000;
const serverEnds: readonly PostgresEnd[] = ["fast", "immediate", "kill"];
const wayTroubles = ["cut", "refuse", "stall"] as const;

/** Draws how many workers are set up, and what is done to them and to their database. */
export function planWorkers(
  random: SeededRandom,
  { chunks, count }: { readonly chunks: number; readonly count: number },
): WorkersPlan {
  const isPlain = random.chance(0.4);
  return {
    count,
    // Those of `vision-batch worker`, or quicker ones, so that more happens in a run.
    ...(isPlain
      ? { leaseMs: 10_000, lookIntervalMs: 5000, pollIntervalMs: 1000 }
      : {
          leaseMs: random.integer(1500, 5000),
          lookIntervalMs: random.integer(500, 3000),
          pollIntervalMs: 500,
        }),
    concurrency: random.pick([1, 2, 4]),
    clockOffsMs: planClocks(random, count),
    sink: random.chance(0.7) ? "ndjson" : "transaction",
    blows: planWorkerBlows(random, { chunks, most: count + 2 }),
    serviceBlows: random.chance(0.3) ? planWorkerBlows(random, { chunks, most: 2 }) : [],
    databaseBlows: planDatabaseBlows(random, { chunks, count }),
  };
}

/** Whether a server is ended by it, rather than the way to it disturbed. */
export function isServerEnd(kind: DatabaseBlow["kind"]): kind is PostgresEnd {
  return (serverEnds as readonly string[]).includes(kind);
}

/** Half of the runs have a worker whose clock is off, some of them two. */
function planClocks(random: SeededRandom, count: number): readonly number[] {
  const offs = Array.from({ length: count }, () => 0);
  const wrong = random.pick([0, 0, 1, 2]);
  for (let index = 0; index < wrong; index++) {
    offs[random.integer(0, count - 1)] = random.pick([-tenMinutesMs, tenMinutesMs]);
  }
  return offs;
}

function planWorkerBlows(
  random: SeededRandom,
  { chunks, most }: { readonly chunks: number; readonly most: number },
): readonly Blow[] {
  return Array.from({ length: random.integer(0, most) }, (): Blow => {
    const once = planOnce(random, { chunks, latestMs });
    const kind = random.pick(["kill", "kill", "stop", "stop", "end"] as const);
    return {
      ...{ kind, once, target: random.integer(0, 7) },
      forMs: kind === "stop" ? random.integer(50, 12_000) : random.integer(0, 1500),
      isLasting: kind === "stop" && random.chance(0.3),
    };
  });
}

function planDatabaseBlows(
  random: SeededRandom,
  { chunks, count }: { readonly chunks: number; readonly count: number },
): readonly DatabaseBlow[] {
  return Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, (): DatabaseBlow => {
    const once = planOnce(random, { chunks, latestMs });
    if (random.chance(0.4)) {
      return { kind: random.pick(serverEnds), once, forMs: random.integer(0, 3000) };
    }
    const kind = random.pick(wayTroubles);
    const forMs = kind === "cut" ? 0 : random.integer(200, 8000);
    const whose = random.chance(0.5) ? {} : { way: random.integer(0, count) };
    return { kind, once, forMs, ...whose };
  });
}

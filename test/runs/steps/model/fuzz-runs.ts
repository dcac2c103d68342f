import fc from "fast-check";
import { openJournal } from "../../../../src/runs/journal/open-journal.ts";
import type { Journal } from "../../../../src/runs/journal/journal.ts";
import type { StepPolicy } from "../../../../src/runs/steps/index.ts";
import { checkWorld } from "./check-world.ts";
import { commandRows } from "./commands.ts";
import { drainWorld } from "./drain-world.ts";
import { World, type WorldOptions } from "./world.ts";

/** Runs that are tried together. */
const runsPerRound = 50;

const backoff = { initialMs: 500, multiplier: 2, maxMs: 8000, jitter: 0.25 };

const policies: fc.Arbitrary<StepPolicy> = fc
  .constantFrom("wait" as const, "fail" as const, "resubmit" as const)
  .map((onUnknownSubmit) => ({
    ...{ onUnknownSubmit, quarantineMs: 45_000, graceMs: 10_000, adoptedGraceMs: 30_000 },
    ...{ maxRejections: 3, submitBackoff: backoff, readBackoff: backoff },
    lookPause: { leastMs: 1000, mostMs: 10_000 },
  }));

const probability = fc.constantFrom(0, 0.1, 0.3, 0.6);

const worlds: fc.Arbitrary<WorldOptions> = fc.record({
  seed: fc.nat(),
  chunks: fc.integer({ min: 1, max: 8 }),
  chunkSize: fc.integer({ min: 1, max: 5 }),
  workers: fc.integer({ min: 1, max: 3 }),
  policy: policies,
  faults: fc.record({
    lostAnswers: probability,
    rejections: probability,
    outages: probability,
    failedReads: probability,
    failedOperations: probability,
    expiry: probability,
    badShards: probability,
  }),
});

/** What {@link fuzzRuns} has done. */
export interface FuzzedRuns {
  readonly runs: number;
  /** Steps that were decided and attempts that were begun. */
  readonly transitions: number;
  /** The types of the events of all steps. */
  readonly eventTypes: ReadonlySet<string>;
  /** A case of what must not happen, with its events. */
  readonly failure?: string;
}

/**
 * Tries a round of runs by a seed, in virtual time over a journal in memory. To look for the smallest
 * case of a failure takes minutes; `endOnFailure` tells the first one.
 */
export async function fuzzRuns(
  seed: number,
  { endOnFailure = false }: { readonly endOnFailure?: boolean } = {},
): Promise<FuzzedRuns> {
  await using journal = await openJournal("sqlite::memory:");
  const eventTypes = new Set<string>();
  let transitions = 0;
  const property = fc.asyncProperty(worlds, commandRows, async (options, commands) => {
    const world = await tryRun(journal, options, commands);
    transitions += world.transitions;
    for (const type of world.eventTypes) eventTypes.add(type);
  });
  const result = await fc.check(property, { seed, numRuns: runsPerRound, endOnFailure });
  const done = { runs: result.numRuns, transitions, eventTypes };
  if (!result.failed) return done;
  const report = (await fc.asyncDefaultReportMessage(result)) ?? "";
  return { ...done, failure: `${report}\n${String(result.errorInstance)}` };
}

async function tryRun(
  journal: Journal,
  options: WorldOptions,
  commands: Iterable<fc.AsyncCommand<object, World>>,
): Promise<World> {
  const world = await World.open(journal, options);
  try {
    await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
    await drainWorld(world);
    await checkWorld(world);
    return world;
  } catch (error) {
    throw new Error(`${String((error as Error).stack)}\n${await world.trail()}`, { cause: error });
  } finally {
    await journal.removeRun(world.run);
  }
}

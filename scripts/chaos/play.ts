import { setTimeout as sleep } from "node:timers/promises";
import type { Run, RunSnapshot } from "../../src/index.ts";
import type { Crew, Reached } from "./crew.ts";
import { crewsOf, startCrews, startRetry, type Crews } from "./crews.ts";
import { readObjects, readRows, type Delivered } from "./delivered.ts";
import { gatherEvidence, readChunks, type Evidence } from "./evidence.ts";
import { runId } from "./inputs.ts";
import { undelivered } from "./invariants/delivered.ts";
import { checkUnchanged } from "./invariants/fences.ts";
import { Person } from "./person.ts";
import type { DatabaseBlows } from "./run-database.ts";
import type { Scenario } from "./scenario.ts";
import type { Stage } from "./stage.ts";
import type { Violation } from "./violation.ts";

/** What came of a run, and what was seen to be wrong on the way. */
export interface Played {
  readonly isOver: boolean;
  readonly violations: readonly Violation[];
  /** Absent where the run was never planned. */
  readonly evidence: Evidence | undefined;
  readonly processes: number;
  readonly blows: Crew["done"];
  /** What was done to the database. */
  readonly database: DatabaseBlows;
  /** Processes that gave up because another one held the journal while it was stopped. */
  readonly lockedOut: number;
}

const lookMs = 100;
/** The sink gets everything so long after the end of the run; what was not taken is tried again ever later. */
const deliveryLimitMs = 120_000;
const submitMethod = "AsyncBatchAnnotateImages";

/** A run from its start to its end, with everything that is done to it. */
export class Play {
  readonly #stage: Stage;
  readonly #scenario: Scenario;
  readonly #timeLimitMs: number;
  readonly #crews: Crews;
  readonly #startedMs = Date.now();

  constructor(
    stage: Stage,
    { scenario, timeLimitMs }: { readonly scenario: Scenario; readonly timeLimitMs: number },
  ) {
    this.#stage = stage;
    this.#scenario = scenario;
    this.#timeLimitMs = timeLimitMs;
    this.#crews = startCrews(stage, scenario);
  }

  /** Lets it happen, once. */
  async perform(): Promise<Played> {
    const crews = crewsOf(this.#crews);
    try {
      const isOver = await this.#untilOver();
      const violations = isOver ? await this.#end() : [...(await this.#giveUp())];
      if (isOver && this.#scenario.retries) violations.push(...(await this.#retry()));
      if (isOver) await this.#untilQuiet();
      const evidence = await this.#gather();
      const sum = (count: (crew: Crew) => number) =>
        crews.reduce((total, crew) => total + count(crew), 0);
      return {
        ...{ isOver, violations, evidence, processes: sum(({ started }) => started) },
        blows: {
          kill: sum(({ done }) => done.kill),
          stop: sum(({ done }) => done.stop),
          end: sum(({ done }) => done.end),
        },
        database: this.#stage.database?.done ?? {},
        lockedOut: sum(({ lockedOut }) => lockedOut),
      };
    } finally {
      await Promise.all(crews.map((crew) => crew.kill()));
    }
  }

  /** Strikes and decides until the run is over; false where it never is. */
  async #untilOver(): Promise<boolean> {
    const { runs, emulator, database } = this.#stage;
    const person = new Person(runs, this.#scenario);
    const startMs = performance.now();
    for (;;) {
      const elapsedMs = performance.now() - startMs;
      if (elapsedMs > this.#timeLimitMs) return false;
      const run = await runs.get(runId);
      const snapshot = await run?.snapshot();
      if (snapshot?.state === "done" || snapshot?.state === "cancelled") return true;
      if (run !== undefined && (snapshot?.undecided ?? 0) > 0) await person.decideAll(run);
      const submits = await emulator.calls(submitMethod);
      const reached = { elapsedMs, submits, ended: endedChunks(snapshot) };
      for (const crew of crewsOf(this.#crews)) crew.strike(reached);
      database?.strike(reached);
      await sleep(lookMs);
    }
  }

  /** The run is over: lets those go on that were stopped, and nothing go wrong any more. */
  async #end(): Promise<Violation[]> {
    const { emulator, database } = this.#stage;
    await emulator.setFaults([]);
    await database?.settle();
    await this.#untilDelivered(this.#crews);
    const crews = crewsOf(this.#crews);
    if (!crews.some(({ hasStopped }) => hasStopped)) return dismiss(this.#crews);
    const before = await readChunks(await this.#run());
    const problems = await dismiss(this.#crews);
    const after = await readChunks(await this.#run());
    return [...problems, ...checkUnchanged(before, after)];
  }

  async #giveUp(): Promise<readonly Violation[]> {
    const message = `it is not over after ${this.#timeLimitMs / 1000} s`;
    await this.#stage.database?.settle();
    const crews = crewsOf(this.#crews);
    await Promise.all(crews.map((crew) => crew.kill()));
    return [{ invariant: "a run comes to its end", message }, ...(await dismiss(this.#crews))];
  }

  /** Sends again what has no result; nothing goes wrong now, so that all must have one then. */
  async #retry(): Promise<readonly Violation[]> {
    const crews = startRetry(this.#stage, this.#scenario);
    try {
      const problems = [...(await crews.runners.dismiss())];
      await this.#untilDelivered(crews);
      problems.push(...((await crews.workers?.dismiss()) ?? []));
      const { state, inputs } = await (await this.#run()).snapshot();
      const lacking = inputs.missing + inputs.notSubmitted;
      if (state === "done" && lacking === 0) return problems;
      const message = `the run is ${state} and has ${JSON.stringify(inputs)}`;
      return [...problems, { invariant: "a retry gets what is lacking", message }];
    } finally {
      await Promise.all(crewsOf(crews).map((crew) => crew.kill()));
    }
  }

  /** Waits until the sink has everything; what it never gets is found by whoever judges. */
  async #untilDelivered({ workers }: Crews): Promise<void> {
    const chunks = workers === undefined ? [] : await readChunks(await this.#run());
    const deadline = performance.now() + deliveryLimitMs;
    while (performance.now() < deadline) {
      const delivered = await this.#readDelivered();
      if (delivered === undefined || undelivered(chunks, delivered).length === 0) return;
      workers?.keepUp();
      await sleep(lookMs);
    }
  }

  /** Operations that nobody follows any more may still write. */
  async #untilQuiet(): Promise<void> {
    for (;;) {
      const operations = await this.#stage.emulator.operations();
      if (operations.every(({ done }) => done)) return;
      await sleep(lookMs);
    }
  }

  async #gather(): Promise<Evidence | undefined> {
    const { runs, emulator, buckets } = this.#stage;
    const run = await runs.get(runId);
    if (run === undefined) return undefined;
    const { images } = this.#scenario;
    const submits = await emulator.submits();
    const evidence = await gatherEvidence(run, { images, submits, directory: buckets });
    const delivered = await this.#readDelivered();
    if (delivered === undefined) return evidence;
    const span = { fromMs: this.#startedMs, toMs: Date.now() };
    return { ...evidence, delivered, span, killed: this.#crews.workers?.killed ?? [] };
  }

  async #readDelivered(): Promise<Delivered | undefined> {
    const { database, buckets } = this.#stage;
    if (database === undefined) return undefined;
    const isRows = this.#scenario.workers?.sink === "transaction";
    return isRows ? readRows(database.url) : readObjects(buckets);
  }

  async #run(): Promise<Run> {
    const run = await this.#stage.runs.get(runId);
    if (run === undefined) throw new Error("the run is gone");
    return run;
  }
}

/** Those that wait for the end of the run see it before the workers are told to end. */
async function dismiss({ runners, workers }: Crews): Promise<Violation[]> {
  return [...(await runners.dismiss()), ...((await workers?.dismiss()) ?? [])];
}

function endedChunks(snapshot: RunSnapshot | undefined): Reached["ended"] {
  const { done = 0, failed = 0, cancelled = 0 } = snapshot?.chunks ?? {};
  return done + failed + cancelled;
}

import { setTimeout as sleep } from "node:timers/promises";
import type { Run, RunSnapshot } from "../../src/index.ts";
import { Crew, type Reached } from "./crew.ts";
import { gatherEvidence, readChunks } from "./evidence.ts";
import { runId } from "./inputs.ts";
import { checkUnchanged } from "./invariants/fences.ts";
import { judge } from "./judge.ts";
import { Person } from "./person.ts";
import type { Scenario } from "./scenario.ts";
import { Stage } from "./stage.ts";
import { describeTrail } from "./trail.ts";
import type { Violation } from "./violation.ts";

/** How a run under chaos went. */
export interface ScenarioReport {
  readonly seed: number;
  readonly ms: number;
  readonly violations: readonly Violation[];
  /** What happened to the chunks of the violations, for a person to read. */
  readonly trail: string;
  /** Where its journal is, where something is wrong with it. */
  readonly folder?: string;
  readonly processes: number;
  readonly blows: Crew["done"];
  readonly accepted: number;
  readonly inputs: RunSnapshot["inputs"];
  /** Events of all chunks by type. */
  readonly events: Readonly<Record<string, number>>;
}

/** A run that is not over by then hangs. */
const timeLimitMs = 180_000;
const lookMs = 50;
const submitMethod = "AsyncBatchAnnotateImages";

/** Lets a run happen, and tells which invariants it did not keep. */
export async function runScenario(scenario: Scenario): Promise<ScenarioReport> {
  const startMs = performance.now();
  const stage = await Stage.open(scenario);
  let report: Omit<ScenarioReport, "ms">;
  try {
    report = await new Play(stage, scenario).perform();
  } finally {
    await stage[Symbol.asyncDispose]();
  }
  const isKept = report.violations.length > 0;
  if (!isKept) await stage.remove();
  const ms = Math.round(performance.now() - startMs);
  return { ...report, ms, ...(isKept ? { folder: stage.folder } : {}) };
}

class Play {
  readonly #stage: Stage;
  readonly #scenario: Scenario;
  readonly #crew: Crew;

  constructor(stage: Stage, scenario: Scenario) {
    this.#stage = stage;
    this.#scenario = scenario;
    this.#crew = new Crew(stage.runnerOptions("work"));
  }

  async perform(): Promise<Omit<ScenarioReport, "ms">> {
    try {
      const isOver = await this.#untilOver(this.#crew);
      const violations = isOver ? await this.#endings() : [hanging];
      if (isOver && this.#scenario.retries) violations.push(...(await this.#retry()));
      return await this.#report(violations, isOver);
    } finally {
      await this.#crew.kill();
    }
  }

  /** Strikes and decides until the run is over; false where it never is. */
  async #untilOver(crew: Crew): Promise<boolean> {
    const { runs, emulator } = this.#stage;
    const person = new Person(runs, this.#scenario);
    const startMs = performance.now();
    for (;;) {
      const elapsedMs = performance.now() - startMs;
      if (elapsedMs > timeLimitMs) return false;
      const run = await runs.get(runId);
      const snapshot = await run?.snapshot();
      if (snapshot?.state === "done") return true;
      if (run !== undefined && (snapshot?.undecided ?? 0) > 0) await person.decideAll(run);
      const submits = await emulator.calls(submitMethod);
      crew.strike({ elapsedMs, submits, ended: endedChunks(snapshot) });
      await sleep(lookMs);
    }
  }

  /** The run is over: lets those go on that were stopped, and nothing go wrong any more. */
  async #endings(): Promise<Violation[]> {
    await this.#stage.emulator.setFaults([]);
    if (!this.#crew.hasStopped) return [...(await this.#crew.dismiss())];
    const before = await readChunks(await this.#run());
    const problems = await this.#crew.dismiss();
    const after = await readChunks(await this.#run());
    return [...problems, ...checkUnchanged(before, after)];
  }

  /** Sends again what has no result; nothing goes wrong now, so that all must have one then. */
  async #retry(): Promise<readonly Violation[]> {
    const crew = new Crew(this.#stage.runnerOptions("retry"), { isUndisturbed: true });
    try {
      const problems = await crew.dismiss();
      const { state, inputs } = await (await this.#run()).snapshot();
      const lacking = inputs.missing + inputs.notSubmitted;
      if (state === "done" && lacking === 0) return problems;
      const message = `the run is ${state} and has ${JSON.stringify(inputs)}`;
      return [...problems, { invariant: "a retry gets what is lacking", message }];
    } finally {
      await crew.kill();
    }
  }

  async #report(
    before: readonly Violation[],
    isOver: boolean,
  ): Promise<Omit<ScenarioReport, "ms">> {
    const { emulator, buckets } = this.#stage;
    const { images, seed } = this.#scenario;
    if (isOver) await this.#untilQuiet();
    const run = await this.#run();
    const submits = await emulator.submits();
    const evidence = await gatherEvidence(run, { images, submits, directory: buckets });
    const violations = [...before, ...(isOver ? judge(evidence) : [])];
    const types = evidence.chunks.flatMap(({ events }) => events.map(({ type }) => type));
    const events: Record<string, number> = {};
    for (const type of types) events[type] = (events[type] ?? 0) + 1;
    return {
      ...{ seed, violations, events },
      trail: violations.length === 0 ? "" : describeTrail(violations, evidence),
      ...{ processes: this.#crew.started, blows: this.#crew.done },
      ...{ accepted: submits.length, inputs: evidence.snapshot.inputs },
    };
  }

  /** Operations that nobody follows any more may still write. */
  async #untilQuiet(): Promise<void> {
    for (;;) {
      const operations = await this.#stage.emulator.operations();
      if (operations.every(({ done }) => done)) return;
      await sleep(lookMs);
    }
  }

  async #run(): Promise<Run> {
    const run = await this.#stage.runs.get(runId);
    if (run === undefined) throw new Error("the run was never planned");
    return run;
  }
}

const hanging: Violation = {
  invariant: "a run comes to its end",
  message: `it is not over after ${timeLimitMs / 1000} s`,
};

function endedChunks(snapshot: RunSnapshot | undefined): Reached["ended"] {
  const { done = 0, failed = 0, cancelled = 0 } = snapshot?.chunks ?? {};
  return done + failed + cancelled;
}

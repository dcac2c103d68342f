import { setTimeout as sleep } from "node:timers/promises";
import type { Run, RunSnapshot } from "../../src/index.ts";
import { Crew, type Reached } from "./crew.ts";
import { gatherEvidence, readChunks, type Evidence } from "./evidence.ts";
import { runId } from "./inputs.ts";
import { checkUnchanged } from "./invariants/fences.ts";
import { Person } from "./person.ts";
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
  /** Processes that gave up because another one held the journal while it was stopped. */
  readonly lockedOut: number;
}

const lookMs = 100;
const retryLeaseMs = 3_600_000;
const submitMethod = "AsyncBatchAnnotateImages";

/** A run from its start to its end, with everything that is done to it. */
export class Play {
  readonly #stage: Stage;
  readonly #scenario: Scenario;
  readonly #timeLimitMs: number;
  readonly #crew: Crew;

  constructor(
    stage: Stage,
    { scenario, timeLimitMs }: { readonly scenario: Scenario; readonly timeLimitMs: number },
  ) {
    this.#stage = stage;
    this.#scenario = scenario;
    this.#timeLimitMs = timeLimitMs;
    this.#crew = new Crew(stage.runnerOptions("work"));
  }

  /** Lets it happen, once. */
  async perform(): Promise<Played> {
    const { done: blows } = this.#crew;
    try {
      const isOver = await this.#untilOver();
      const violations = isOver ? await this.#end() : [...(await this.#giveUp())];
      if (isOver && this.#scenario.retries) violations.push(...(await this.#retry()));
      if (isOver) await this.#untilQuiet();
      const evidence = await this.#gather();
      const { started: processes, lockedOut } = this.#crew;
      return { isOver, violations, evidence, processes, blows, lockedOut };
    } finally {
      await this.#crew.kill();
    }
  }

  /** Strikes and decides until the run is over; false where it never is. */
  async #untilOver(): Promise<boolean> {
    const { runs, emulator } = this.#stage;
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
      this.#crew.strike({ elapsedMs, submits, ended: endedChunks(snapshot) });
      await sleep(lookMs);
    }
  }

  /** The run is over: lets those go on that were stopped, and nothing go wrong any more. */
  async #end(): Promise<Violation[]> {
    await this.#stage.emulator.setFaults([]);
    if (!this.#crew.hasStopped) return [...(await this.#crew.dismiss())];
    const before = await readChunks(await this.#run());
    const problems = await this.#crew.dismiss();
    const after = await readChunks(await this.#run());
    return [...problems, ...checkUnchanged(before, after)];
  }

  async #giveUp(): Promise<readonly Violation[]> {
    const message = `it is not over after ${this.#timeLimitMs / 1000} s`;
    await this.#crew.kill();
    return [{ invariant: "a run comes to its end", message }, ...(await this.#crew.dismiss())];
  }

  /** Sends again what has no result; nothing goes wrong now, so that all must have one then. */
  async #retry(): Promise<readonly Violation[]> {
    const { worker, ...others } = this.#scenario;
    // A machine that is busy must not let it lose its own claims: they would be of unknown fate.
    const scenario = { ...others, worker: { ...worker, leaseMs: retryLeaseMs } };
    const options = { ...this.#stage.runnerOptions("retry"), scenario };
    const crew = new Crew(options, { isUndisturbed: true });
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
    return gatherEvidence(run, { images, submits, directory: buckets });
  }

  async #run(): Promise<Run> {
    const run = await this.#stage.runs.get(runId);
    if (run === undefined) throw new Error("the run is gone");
    return run;
  }
}

function endedChunks(snapshot: RunSnapshot | undefined): Reached["ended"] {
  const { done = 0, failed = 0, cancelled = 0 } = snapshot?.chunks ?? {};
  return done + failed + cancelled;
}

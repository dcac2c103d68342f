import { setTimeout as sleep } from "node:timers/promises";
import type { Blow, Once } from "./blows.ts";
import type { Killed } from "./invariants/takeovers.ts";
import type { RunnerWord } from "./runner-options.ts";
import { RunnerProcess, type ProcessOptions } from "./runner-process.ts";
import type { Violation } from "./violation.ts";

/** How far a run has come, for what is to be done once something is reached. */
export type Reached = Readonly<Record<Once["of"], number>>;

/** Who is in a crew, and what is done to them. */
export interface CrewPlan {
  /** How many work at a time. */
  readonly wanted: number;
  readonly blows: readonly Blow[];
  /** What is started; all that were are counted from 0. */
  readonly process: (index: number) => ProcessOptions;
  /** The run is cancelled by a process of its own, which then works on what is left. */
  readonly cancel?: { readonly once: Once; readonly process: ProcessOptions } | undefined;
  /** Whether they go on when the run is over, until they are told to end. Default false. */
  readonly endsWhenTold?: boolean;
  /** Whether the database may have been out of reach. Default: it never is. */
  readonly wasOutOfReach?: () => boolean;
}

/** A process has this long to end by itself: one that retries has something to do before. */
const endLimitMs = 120_000;

const goodWords: readonly RunnerWord["word"][] = ["working", "over", "lockedOut", "unreachable"];

/** The processes that work on a run, and what is done to them. */
export class Crew {
  readonly #plan: CrewPlan;
  readonly #blows: Set<Blow>;
  readonly #all: RunnerProcess[] = [];
  /** Those that are ended on purpose. */
  readonly #struck = new Set<RunnerProcess>();
  readonly #pauses = new AbortController();
  readonly #waiting = new Set<Promise<void>>();
  /** Those that are to be started after a pause. */
  #coming = 0;
  #seenLockedOut = 0;
  #canceller: RunnerProcess | undefined;
  /** What was done, for the report. */
  readonly done: Record<Blow["kind"], number> = { kill: 0, stop: 0, end: 0 };
  /** The workers that were killed. */
  readonly killed: Killed[] = [];

  /** Starts as many as are wanted. */
  constructor(plan: CrewPlan) {
    this.#plan = plan;
    this.#blows = new Set(plan.blows);
    for (let index = 0; index < plan.wanted; index++) this.#add();
  }

  /** Processes that were started. */
  get started(): number {
    return this.#all.length;
  }

  /** Whether one is stopped until the run is over. */
  get hasStopped(): boolean {
    return this.#all.some(({ isStopped }) => isStopped);
  }

  /** Processes that gave up because one that was stopped in the midst of a write held the journal. */
  get lockedOut(): number {
    return this.#all.filter(({ isLockedOut }) => isLockedOut).length;
  }

  /** Does what is due, and keeps enough processes at work. */
  strike(reached: Reached): void {
    this.#cancel(reached);
    for (const blow of this.#blows) {
      const { of, reach } = blow.once;
      if (reached[of] < reach) continue;
      const working = this.#all.filter(({ isWorking }) => isWorking);
      const target = working[(blow.target ?? 0) % working.length];
      // The blow waits; somebody has to be there for it.
      if (target === undefined) break;
      this.#blows.delete(blow);
      this.done[blow.kind]++;
      this.#carryOut(blow, target);
    }
    this.keepUp();
  }

  /** Keeps enough processes at work. */
  keepUp(): void {
    this.#unlock();
    const { wanted } = this.#plan;
    const working = this.#all.filter(({ isWorking }) => isWorking).length;
    const stopped = this.#all.filter(({ isStopped }) => isStopped).length;
    // Somebody takes over what a stopped one holds.
    if (working + this.#coming < Math.max(1, wanted - stopped)) this.#add();
  }

  /** Lets those that are stopped go on, and waits until all have ended by themselves, when told to where they must be. */
  async dismiss(): Promise<readonly Violation[]> {
    this.#pauses.abort();
    await Promise.all(this.#waiting);
    for (const runner of this.#all) if (runner.isStopped) runner.goOn();
    if (this.#plan.endsWhenTold === true) {
      for (const runner of this.#all.filter(({ isGone }) => !isGone)) this.#end(runner);
    }
    const problems = this.#all.map((runner, index) => this.#problemsOf(runner, index));
    return (await Promise.all(problems)).flat();
  }

  /** Ends them all, whatever they do. */
  async kill(): Promise<void> {
    this.#pauses.abort();
    await Promise.all(this.#waiting);
    for (const runner of this.#all.filter(({ isGone }) => !isGone)) {
      this.#struck.add(runner);
      runner.kill();
    }
    await Promise.all(this.#all.map(({ ended }) => ended));
  }

  /** Nobody can take over from a process that holds the journal itself: it must go on, or end. */
  #unlock(): void {
    const lockedOut = this.lockedOut;
    if (lockedOut === this.#seenLockedOut) return;
    this.#seenLockedOut = lockedOut;
    for (const runner of this.#all) if (runner.isStopped) runner.goOn();
  }

  #cancel(reached: Reached): void {
    const { cancel } = this.#plan;
    if (cancel === undefined || reached[cancel.once.of] < cancel.once.reach) return;
    // One that did not reach the database has cancelled nothing.
    if (this.#canceller !== undefined && !this.#canceller.isUnreachable) return;
    this.#canceller = new RunnerProcess(cancel.process);
    this.#all.push(this.#canceller);
  }

  #add(): void {
    this.#all.push(new RunnerProcess(this.#plan.process(this.#all.length)));
  }

  #end(target: RunnerProcess): void {
    this.#struck.add(target);
    target.end();
  }

  #kill(target: RunnerProcess): void {
    const { worker } = target;
    this.#struck.add(target);
    target.kill();
    if (worker !== undefined) this.killed.push({ worker, atMs: Date.now() });
  }

  #carryOut({ kind, forMs, isLasting }: Blow, target: RunnerProcess): void {
    if (kind === "stop") {
      target.stop();
      if (!isLasting) this.#after(forMs, () => target.goOn());
      return;
    }
    if (kind === "kill") this.#kill(target);
    else this.#end(target);
    this.#coming++;
    this.#after(forMs, () => {
      this.#coming--;
      this.#add();
    });
  }

  /** Does something after a pause, unless the run is over by then. */
  #after(ms: number, action: () => void): void {
    const { signal } = this.#pauses;
    const waiting = sleep(ms, undefined, { signal }).then(action, () => undefined);
    const tracked = waiting.finally(() => this.#waiting.delete(tracked));
    this.#waiting.add(tracked);
  }

  async #problemsOf(runner: RunnerProcess, index: number): Promise<readonly Violation[]> {
    const limit = new AbortController();
    const late = sleep(endLimitMs, undefined, { signal: limit.signal }).catch(() => undefined);
    await Promise.race([runner.ended, late]);
    limit.abort();
    const name = `process ${index + 1} of ${this.#all.length}`;
    if (!runner.isGone) {
      runner.kill();
      await runner.ended;
      return [{ invariant: "a process ends with the run", message: `${name} did not end` }];
    }
    const { code, stderr } = await runner.ended;
    const said = runner.words.filter(({ word }) => !goodWords.includes(word));
    const wasHeld = runner.isLockedOut && this.done.stop > 0;
    const wasOut = runner.isUnreachable && this.#plan.wasOutOfReach?.() === true;
    // One that has begun its work ends by itself when it is told to.
    const wasStruck = code === "SIGKILL" || (code === "SIGTERM" && !runner.hasBegun);
    const isExpected = code === 0 || (this.#struck.has(runner) && wasStruck) || wasHeld || wasOut;
    if (isExpected && said.length === 0) return [];
    const told = said.map((word) => JSON.stringify(word)).join(" ");
    return [
      {
        invariant: "a process says nothing wrong",
        message: `${name} ended with ${code}: ${told} ${stderr.slice(-2000)}`,
      },
    ];
  }
}

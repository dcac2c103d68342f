import type { ChunkWithAttempt } from "../../../../src/runs/journal/chunk-record.ts";
import { openChunkStates } from "../../../../src/runs/journal/journal.ts";
import type { RunState } from "../../../../src/runs/journal/run-record.ts";
import {
  decideStep,
  withAttempt,
  withStep,
  type Effect,
  type Evidence,
  type StepDecision,
} from "../../../../src/runs/steps/index.ts";
import { claimOf } from "../../journal/planned-run.ts";
import { rpcError } from "./simulated-server.ts";
import type { World } from "./world.ts";

type Next =
  | { readonly do: "decide"; readonly evidence: Evidence }
  | { readonly do: "write"; readonly decision: StepDecision; readonly evidence: Evidence }
  | { readonly do: "carryOut"; readonly effect: Effect }
  | { readonly do: "send" }
  | { readonly do: "wait"; readonly untilMs: number };

/** A claimed chunk, and what is done with it next. */
interface Task {
  held: ChunkWithAttempt;
  next: Next;
  /** When the output was last listed or read. */
  outputReadMs: number;
}

const leaseMs = 10_000;
const maxTasks = 3;

/**
 * A process that works on chunks, one small action at a time, so that anything may happen between any
 * two of them. It does not look at its lease: a process that was stopped does not know how late it is.
 */
export class SimulatedWorker {
  readonly name: string;
  readonly #world: World;
  readonly #tasks: Task[] = [];
  #runState: RunState = "running";

  constructor(name: string, world: World) {
    this.name = name;
    this.#world = world;
  }

  /** When there is something to do next of what is claimed; undefined: nothing is claimed. */
  get nextMs(): number | undefined {
    const times = this.#tasks.map(({ next }) => (next.do === "wait" ? next.untilMs : 0));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Does one thing; false where there was nothing to do. */
  async act(): Promise<boolean> {
    const { nowMs, random } = this.#world;
    const ready = this.#tasks.filter(({ next }) => next.do !== "wait" || next.untilMs <= nowMs);
    const task = ready[Math.floor(random() * ready.length)];
    if (task === undefined || (this.#tasks.length < maxTasks && random() < 0.05)) {
      return (await this.#claim()) || task !== undefined;
    }
    await this.#goOn(task);
    return true;
  }

  /** Prolongs its leases and learns what it has lost and what has become of the run. */
  async renew(): Promise<void> {
    const { journal, nowMs, run } = this.#world;
    const held = await journal.renew(this.name, nowMs + leaseMs);
    for (const task of [...this.#tasks]) {
      const { number, fence } = task.held.chunk;
      if (!held.some((claim) => claim.number === number && claim.fence === fence)) this.#drop(task);
    }
    this.#runState = (await journal.readRun(run))?.state ?? "failed";
  }

  async #claim(): Promise<boolean> {
    const { journal, nowMs, random, run } = this.#world;
    this.#runState = (await journal.readRun(run))?.state ?? "failed";
    // Queries take most of the time of a trial: each claim asks for some of the states only.
    const states = openChunkStates.filter(() => random() < 0.5);
    const request = { states, runs: [run], limit: 1 + Math.floor(random() * 3) };
    const lease = { nowMs, leaseUntilMs: nowMs + leaseMs };
    const claimed = await journal.claim({ worker: this.name, ...request, ...lease });
    for (const held of claimed) {
      this.#world.noteClaim(held);
      const evidence = { type: "due" } as const;
      this.#tasks.push({ held, next: { do: "decide", evidence }, outputReadMs: -1 });
    }
    return claimed.length > 0;
  }

  async #goOn(task: Task): Promise<void> {
    const { next } = task;
    switch (next.do) {
      case "wait":
        task.next = { do: "decide", evidence: { type: "due" } };
        return;
      case "decide":
        task.next = {
          ...{ do: "write", evidence: next.evidence },
          decision: this.#decide(task, next.evidence),
        };
        return;
      case "write":
        return this.#write(task, next.decision, next.evidence);
      case "carryOut":
        return this.#carryOut(task, next.effect);
      case "send":
        task.next = { do: "decide", evidence: this.#send(task) };
    }
  }

  #decide({ held }: Task, evidence: Evidence): StepDecision {
    const { nowMs, random, policy } = this.#world;
    const runState = this.#runState;
    return decideStep(
      { ...held, runState, policy, nowMs, random, planPoll: () => 2000 + random() * 3000 },
      evidence,
    );
  }

  async #write(task: Task, decision: StepDecision, evidence: Evidence): Promise<void> {
    const { step, effect, isMinor = false } = decision;
    if (step !== undefined) {
      this.#world.transitions++;
      const isDropped = isMinor && this.#world.random() < 0.5;
      if (!isDropped && !(await this.#world.advance(step, task))) {
        await this.#world.keepLate(task.held, evidence, this.name);
        this.#drop(task);
        return;
      }
      task.held = withStep(task.held, step);
      if (!isDropped) await this.#world.compare(task.held);
    }
    if (effect.type === "leave") {
      if (step === undefined) await this.#release(task);
      else this.#drop(task);
    } else {
      task.next = { do: "carryOut", effect };
    }
  }

  async #carryOut(task: Task, effect: Effect): Promise<void> {
    const { random } = this.#world;
    switch (effect.type) {
      case "leave":
        throw new Error("a chunk that is left is worked on");
      case "wait":
        if (random() < 0.2) await this.#release(task);
        else task.next = { do: "wait", untilMs: effect.untilMs };
        return;
      case "submit":
        return this.#begin(task, effect);
      default: {
        if (effect.type === "listOutput" || effect.type === "readOutput") {
          task.outputReadMs = this.#world.nowMs;
        }
        task.next = { do: "decide", evidence: this.#ask(effect, task) };
      }
    }
  }

  async #begin(task: Task, { event }: Extract<Effect, { type: "submit" }>): Promise<void> {
    const { server, random } = this.#world;
    if (random() < server.faults.outages) {
      const evidence = { type: "unreachable", error: rpcError("UNAVAILABLE") } as const;
      task.next = { do: "decide", evidence };
      return;
    }
    const isPlanned = task.held.chunk.state === "planned";
    if (isPlanned && task.held.chunk.memo.unreachableMs !== undefined && random() < 0.3) {
      task.next = { do: "decide", evidence: { type: "reachable" } };
      return;
    }
    const gate = await this.#world.begin(task.held, event);
    if (gate.gate === "lost") this.#drop(task);
    else if (gate.gate === "begun") {
      task.held = withAttempt(task.held, gate.attempt);
      task.next = { do: "send" };
      await this.#world.compare(task.held);
    } else task.next = { do: "decide", evidence: { type: "heldBack", gate } };
  }

  #ask(effect: Exclude<Effect, { type: "leave" | "wait" | "submit" }>, { held }: Task): Evidence {
    const { server } = this.#world;
    switch (effect.type) {
      case "readOperation":
        return server.read(effect.operation);
      case "cancelOperation":
        return server.cancel(effect.operation);
      case "findOperation":
        return server.list(effect.attempt);
      case "listOutput":
        return server.listOutput(effect.attempt);
      case "readOutput":
        return server.readOutput(effect.attempt, this.#world.inputsOf(held.chunk.number));
    }
  }

  #send({ held: { chunk, attempt } }: Task): Evidence {
    const { server } = this.#world;
    const inputs = this.#world.inputsOf(chunk.number);
    return server.submit({ prefix: attempt?.prefix ?? "", chunk: chunk.number, inputs });
  }

  async #release(task: Task): Promise<void> {
    await this.#world.journal.release(this.name, [claimOf(task.held)]);
    this.#drop(task);
  }

  #drop(task: Task): void {
    this.#tasks.splice(this.#tasks.indexOf(task), 1);
  }
}

import type { ChunkStep } from "../journal/chunk-writes.ts";
import { endedChunkStates, type AttemptRecord } from "../journal/chunk-record.ts";
import { pause } from "../run-clock.ts";
import {
  decideStep,
  errorData,
  type Effect,
  type Evidence,
  type StepDecision,
} from "../steps/index.ts";
import { tellStep, tracedReading } from "./chunk-telemetry.ts";
import type { DriverParts } from "./driver-parts.ts";
import { cancelOperation, followOperation, searchOperation } from "./follow-operation.ts";
import type { HeldChunk } from "./held-chunk.ts";
import { lookForOutput, OutputReading } from "./read-output.ts";
import { submitChunk } from "./submit-chunk.ts";

/**
 * Works on a claimed chunk until it has ended, is given back, or its claim is lost.
 * @throws JournalError; what the service and the store answer is evidence and never thrown.
 */
export async function driveChunk(held: HeldChunk, parts: DriverParts): Promise<void> {
  await new ChunkDrive(held, parts).run();
}

class ChunkDrive {
  readonly #held: HeldChunk;
  readonly #parts: DriverParts;
  /** Waits for what becomes of the chunk. */
  #reading: OutputReading | undefined;

  constructor(held: HeldChunk, parts: DriverParts) {
    this.#held = held;
    this.#parts = parts;
  }

  async run(): Promise<void> {
    let evidence: Evidence | undefined = { type: "due" };
    try {
      while (evidence !== undefined) evidence = await this.#next(evidence);
    } finally {
      await this.#reading?.drop();
      this.#parts.writer.forget(this.#held.claim);
    }
  }

  /** Decides, writes and does; undefined where there is nothing more to do here. */
  async #next(evidence: Evidence): Promise<Evidence | undefined> {
    const held = this.#held;
    // Taken before the decision, so that what changes while it is written is not missed.
    const { interruption } = held;
    // What became of a submit is written even then: the journal knows whose claim it is.
    const isToWrite = isOfSubmit(evidence);
    if (held.lost.aborted && !isToWrite) return undefined;
    if (held.isStopping && !isToWrite) {
      await this.#release();
      return undefined;
    }
    const decision = this.#decide(evidence);
    const isKept = await this.#write(decision, evidence);
    const { problem } = decision;
    // Also of a chunk that was given back, since its next try is far off.
    if (problem !== undefined && !held.lost.aborted) this.#parts.onProblem(held, problem);
    return isKept ? this.#carryOut(decision, interruption) : undefined;
  }

  #decide(evidence: Evidence): StepDecision {
    const { current, runState, context } = this.#held;
    const { clock, stay } = this.#parts;
    const { policy } = context;
    return decideStep(
      {
        ...{ ...current, runState, policy, nowMs: clock.now(), random: Math.random },
        // The handle of an operation that is watched knows when to read it, and shares its reads with others.
        planPoll: stay.planPoll ?? (() => 0),
      },
      evidence,
    );
  }

  /** Writes the step of a decision, where it has one; false where the claim is lost or was given back. */
  async #write(
    { step, isMinor = false, effect }: StepDecision,
    evidence: Evidence,
  ): Promise<boolean> {
    const held = this.#held;
    const { writer, clock, room, outage, onStep, stay } = this.#parts;
    const isLong = effect.type === "wait" && effect.untilMs - clock.now() > stay.keptWaitMs;
    if (step === undefined) {
      if (isLong || effect.type === "leave") await this.#release();
      return !isLong && !held.lost.aborted;
    }
    const isLeft = isLong || !stay.staysIn(held, step.progress.state);
    const written: ChunkStep = isLeft ? { ...step, release: true } : step;
    if (isMinor && !isLeft) {
      writer.writeLater(written);
    } else if (!(await this.#writeNow(written))) {
      held.lose();
      await this.#recordLate(evidence);
      return false;
    }
    tellStep(held, { step: written, evidence }, this.#parts);
    held.apply(written);
    this.#parts.held.move(held);
    if (evidence.type === "operationRead") {
      outage.ended();
      room.wake();
    }
    onStep(held);
    await this.#settleReading(step);
    return !isLeft;
  }

  /** Writes a step; one that ends the chunk with the records that were read, where somebody takes those of all chunks. */
  async #writeNow(step: ChunkStep): Promise<boolean> {
    const { writer, sink, clock } = this.#parts;
    const write = (each: ChunkStep): Promise<boolean> => writer.write(each);
    if (sink === undefined || !endedChunkStates.includes(step.progress.state)) return write(step);
    const undelivered = { ...step, undeliveredMs: clock.now() + sink.againMs };
    return this.#reading?.write(undelivered, write) ?? write(undelivered);
  }

  /** Whoever took the chunk over finds the operation by its name, or sends again what surely was not accepted. */
  async #recordLate(evidence: Evidence): Promise<void> {
    const { claim, current } = this.#held;
    const { run, number, worker } = claim;
    const { attempt } = current.chunk;
    const { journal, clock } = this.#parts;
    const late = { run, number, attempt, worker, nowMs: clock.now() };
    if (evidence.type === "accepted") {
      await journal.recordOperation({ ...late, operation: evidence.operation });
    } else if (evidence.type === "submitFailed" && evidence.outcome !== "unknown") {
      await journal.recordRefusal({ ...late, error: errorData(evidence.error) });
    }
  }

  async #settleReading({ progress }: ChunkStep): Promise<void> {
    const reading = this.#reading;
    this.#reading = undefined;
    if (endedChunkStates.includes(progress.state)) await reading?.keep(progress.error);
    else await reading?.drop();
  }

  async #carryOut(
    { effect }: StepDecision,
    interruption: AbortSignal,
  ): Promise<Evidence | undefined> {
    const held = this.#held;
    const { clock } = this.#parts;
    if (held.isStopping && effect.type !== "leave") {
      await this.#release();
      return undefined;
    }
    if (held.lost.aborted) return undefined;
    switch (effect.type) {
      case "leave":
        return undefined;
      case "wait":
        await pause(clock, effect.untilMs - clock.now(), interruption, held.lost);
        return { type: "due" };
      default:
        return this.#perform(effect, interruption);
    }
  }

  async #perform(
    effect: Exclude<Effect, { readonly type: "wait" | "leave" }>,
    interruption: AbortSignal,
  ): Promise<Evidence | undefined> {
    const held = this.#held;
    const parts = this.#parts;
    const signal = AbortSignal.any([held.stopping, held.lost]);
    switch (effect.type) {
      case "submit":
        return submitChunk(held, { event: effect.event, interruption }, parts);
      case "readOperation":
        return followOperation(held, { operation: effect.operation, interruption }, parts);
      case "cancelOperation":
        return cancelOperation(held, effect.operation, parts);
      case "findOperation":
        return searchOperation(effect.attempt.prefix, signal, parts);
      case "listOutput":
        return lookForOutput(held, effect.attempt, { store: parts.store, signal });
      case "readOutput":
        return this.#readOutput(effect.attempt, signal);
    }
  }

  async #readOutput(attempt: AttemptRecord, signal: AbortSignal): Promise<Evidence> {
    const { collectTurns, telemetry } = this.#parts;
    const { run } = this.#held.claim;
    using turn = await collectTurns.enter(run, signal).catch(() => undefined);
    if (turn === undefined) return { type: "due" };
    const { reader } = turn;
    const parts = { ...this.#parts, signal, reader };
    const { evidence, reading } = await tracedReading(this.#held, telemetry, () =>
      OutputReading.read(this.#held, attempt, parts),
    );
    this.#reading = reading;
    return evidence;
  }

  async #release(): Promise<void> {
    const { claim } = this.#held;
    await this.#parts.journal.release(claim.worker, [claim]);
  }
}

/** Whether evidence tells what became of a submit, which must be written whatever happens. */
function isOfSubmit({ type }: Evidence): boolean {
  return type === "accepted" || type === "submitFailed";
}

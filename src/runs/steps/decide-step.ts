import type { Evidence } from "./evidence.ts";
import type { Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";

/**
 * Decides what becomes of a claimed chunk by what an effect brought to light. Begin with the evidence
 * `due`; write the step; carry out the effect; decide anew with its evidence, the chunk as
 * {@link withStep} makes it and the time that it is then; end with `leave`, or when a claim is lost.
 *
 * An operation that was accepted by a submit whose claim is lost by then goes to `recordOperation`.
 * @throws Error for a chunk that is not claimed, that has ended, or to which the evidence cannot belong.
 */
export function decideStep({ chunk }: Situation, { type }: Evidence): StepDecision {
  throw new Error(`chunk ${chunk.number} is ${chunk.state}: ${type} says nothing about it`);
}

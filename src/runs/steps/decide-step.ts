import { decideCollecting } from "./collecting-steps.ts";
import type { Evidence } from "./evidence.ts";
import { decidePlanned } from "./planned-steps.ts";
import { decideRunning } from "./running-steps.ts";
import type { Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import { decideSubmitting } from "./submitting-steps.ts";
import { decideUnknown } from "./unknown-steps.ts";

/** What may be told of a chunk in each state that it can leave. */
const telling = {
  planned: ["due", "heldBack", "unreachable", "reachable"],
  submitting: ["due", "accepted", "submitFailed"],
  running: ["due", "operationRead", "operationUnread", "cancelAsked", "cancelFailed"],
  unknown: [
    "due",
    "heldBack",
    "unreachable",
    "operationRead",
    "operationUnread",
    "operationsListed",
    "operationsUnlisted",
    "outputListed",
    "outputUnread",
  ],
  collecting: ["due", "outputRead", "outputUnread"],
} as const;

/**
 * Decides what becomes of a claimed chunk by what an effect brought to light. Begin with the evidence
 * `due`; write the step; carry out the effect; decide anew with its evidence, the chunk as
 * {@link withStep} makes it and the time that it is then; end with `leave`, or when a claim is lost.
 *
 * What became of a submit whose claim is lost by then goes to `recordOperation` or `recordRefusal`.
 * @throws Error for a chunk that is not claimed, that has ended, or to which the evidence cannot belong.
 */
export function decideStep(situation: Situation, evidence: Evidence): StepDecision {
  const { chunk } = situation;
  switch (chunk.state) {
    case "planned":
      if (isOf(evidence, telling.planned)) return decidePlanned(situation, evidence);
      break;
    case "submitting":
      if (isOf(evidence, telling.submitting)) return decideSubmitting(situation, evidence);
      break;
    case "running":
      if (isOf(evidence, telling.running)) return decideRunning(situation, evidence);
      break;
    case "unknown":
      if (isOf(evidence, telling.unknown)) return decideUnknown(situation, evidence);
      break;
    case "collecting":
      if (isOf(evidence, telling.collecting)) return decideCollecting(situation, evidence);
      break;
    default:
  }
  throw new Error(`chunk ${chunk.number} is ${chunk.state}: ${evidence.type} says nothing of it`);
}

function isOf<Type extends Evidence["type"]>(
  evidence: Evidence,
  types: readonly Type[],
): evidence is Extract<Evidence, { readonly type: Type }> {
  return (types as readonly string[]).includes(evidence.type);
}

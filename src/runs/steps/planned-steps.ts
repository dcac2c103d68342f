import type { NewEvent } from "../journal/event-record.ts";
import { endChunk, endReason, unsentOutcome } from "./end-chunk.ts";
import type { DueEvidence, HeldBackEvidence } from "./evidence.ts";
import type { Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import { stepEvent } from "./step-events.ts";
import { memoOf } from "./step-memo.ts";

/**
 * What becomes of a chunk that is `planned`.
 *
 * | evidence | run | then |
 * |---|---|---|
 * | `due` | `running` | it is submitted |
 * | `due` | `cancelling` | `cancelled`; its inputs were not submitted |
 * | `due` | any other | it is left |
 * | `heldBack`, `wait` | | the limits are asked again |
 * | `heldBack`, `stopped` | | it is left |
 */
export function decidePlanned(
  situation: Situation,
  evidence: DueEvidence | HeldBackEvidence,
): StepDecision {
  const { runState, nowMs } = situation;
  if (evidence.type === "heldBack") {
    const { gate } = evidence;
    if (gate.gate === "stopped") return { effect: { type: "leave" } };
    return { effect: { type: "wait", untilMs: nowMs + gate.waitMs } };
  }
  if (runState === "cancelling") return cancelUnsent(situation);
  if (runState !== "running") return { effect: { type: "leave" } };
  return { effect: { type: "submit", event: submitting(situation) } };
}

/** Ends a chunk that was not submitted, or not again, in a run that is cancelled. */
export function cancelUnsent(situation: Situation): StepDecision {
  return endChunk(situation, {
    ...{ state: "cancelled", outcome: unsentOutcome(situation) },
    error: endReason("the run was cancelled before this part of it was submitted"),
  });
}

function submitting({ chunk }: Situation): NewEvent {
  const { rejections } = memoOf(chunk);
  return stepEvent("submitting", { attempt: chunk.attempt + 1, rejections });
}

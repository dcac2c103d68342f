import type { AcceptedEvidence, DueEvidence, SubmitFailedEvidence } from "./evidence.ts";
import { attemptOf, type Situation } from "./situation.ts";
import type { Effect, StepDecision } from "./step-decision.ts";
import { errorCode, errorData } from "./step-errors.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, lastingMemo, memoOf, type StepMemo } from "./step-memo.ts";
import { lookAgainAtMs, readAgainAtMs } from "./pauses.ts";
import { decideRejected, isRefused, takeUpRefusal } from "./rejected-steps.ts";
import { startLooking } from "./unknown-steps.ts";
import { writeStep } from "./write-step.ts";

/** Accepted submits let the pace recover: fifteen of them double it. */
const recoveryFactor = 1.05;

/**
 * What becomes of a chunk that is `submitting`.
 *
 * | evidence | then |
 * |---|---|
 * | `accepted` | `running`; in a run that is cancelled the operation is asked to cancel |
 * | `submitFailed`, `rejected` or `unsent` | see {@link decideRejected} |
 * | `submitFailed`, `unknown` | `unknown`; looked for after a pause |
 * | `due` | `unknown`: whoever sent it has not told; looked for at once |
 * | `due`, with the attempt recorded as rejected | see {@link takeUpRefusal} |
 */
export function decideSubmitting(
  situation: Situation,
  evidence: DueEvidence | AcceptedEvidence | SubmitFailedEvidence,
): StepDecision {
  switch (evidence.type) {
    case "accepted":
      return accept(situation, evidence);
    case "submitFailed":
      return evidence.outcome === "unknown"
        ? loseAnswer(situation, evidence.error)
        : decideRejected(situation, evidence.error, { isUnsent: evidence.outcome === "unsent" });
    case "due":
      return isRefused(situation) ? takeUpRefusal(situation) : findInterrupted(situation);
  }
}

function accept(situation: Situation, { operation }: AcceptedEvidence): StepDecision {
  const { chunk, runState, nowMs } = situation;
  const attempt = { ...attemptOf(situation), operation };
  const isCancelling = runState === "cancelling";
  const dueMs = isCancelling ? nowMs : readAgainAtMs(situation, attempt, chunk.polls);
  const step = writeStep(situation, {
    ...{ state: "running", dueMs, error: undefined },
    memo: lastingMemo(memoOf(chunk)),
    attempt: { outcome: "accepted", operation },
    flow: { rateFactor: recoveryFactor },
    events: [stepEvent("accepted", { operation: operation.name })],
  });
  const effect: Effect = isCancelling
    ? { type: "cancelOperation", operation }
    : { type: "wait", untilMs: dueMs };
  return { step, effect };
}

function loseAnswer(situation: Situation, error: Error): StepDecision {
  const memo = unknownMemo(situation);
  const sinceMs = situation.nowMs;
  const untilMs = memo.quarantineUntilMs ?? sinceMs;
  const dueMs = lookAgainAtMs(situation, { sinceMs, untilMs });
  const step = writeStep(situation, {
    ...{ state: "unknown", dueMs, memo, error: errorData(error) },
    attempt: { outcome: "unknown", error: errorData(error) },
    events: [stepEvent("submitUnknown", { code: errorCode(error) })],
    release: true,
  });
  return { step, effect: { type: "leave" } };
}

function findInterrupted(situation: Situation): StepDecision {
  const step = writeStep(situation, {
    ...{ state: "unknown", dueMs: situation.nowMs, memo: unknownMemo(situation) },
    attempt: { outcome: "unknown" },
    events: [stepEvent("submitInterrupted")],
  });
  return { step, effect: startLooking(situation) };
}

function unknownMemo(situation: Situation): StepMemo {
  const { intentMs } = attemptOf(situation);
  const quarantineUntilMs = intentMs + situation.policy.quarantineMs;
  const { perhapsSent: sentBefore } = memoOf(situation.chunk);
  return changeMemo({ perhapsSent: true, quarantineUntilMs }, { sentBefore });
}

import type { ChunkStep } from "../journal/chunk-writes.ts";
import type { NewEvent } from "../journal/event-record.ts";
import { endChunk, endReason, unsentOutcome } from "./end-chunk.ts";
import type {
  DueEvidence,
  HeldBackEvidence,
  ReachableEvidence,
  UnreachableEvidence,
} from "./evidence.ts";
import type { Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import { errorCode, errorData } from "./step-errors.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, memoOf } from "./step-memo.ts";
import { writeStep } from "./write-step.ts";

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
 * | `unreachable` | `running` | noted the first time, and submitted as soon as anything leaves, however long that takes |
 * | `reachable` | `running` | what was noted is taken away |
 */
export function decidePlanned(
  situation: Situation,
  evidence: DueEvidence | HeldBackEvidence | UnreachableEvidence | ReachableEvidence,
): StepDecision {
  const { runState, nowMs } = situation;
  if (evidence.type === "heldBack") {
    const { gate } = evidence;
    if (gate.gate !== "wait") return { effect: { type: "leave" } };
    return { effect: { type: "wait", untilMs: nowMs + gate.waitMs } };
  }
  if (runState === "cancelling") return cancelUnsent(situation);
  if (runState !== "running") return { effect: { type: "leave" } };
  const effect = { type: "submit", event: submitting(situation) } as const;
  const step = evidence.type === "due" ? undefined : noteReach(situation, evidence);
  return step === undefined ? { effect } : { step, effect };
}

/** Told once of each chunk that waits, and so of few: the others are not claimed before. */
function noteReach(
  situation: Situation,
  evidence: UnreachableEvidence | ReachableEvidence,
): ChunkStep | undefined {
  const memo = memoOf(situation.chunk);
  const { nowMs: dueMs } = situation;
  const isNoted = memo.unreachableMs !== undefined;
  const isNews = evidence.type === "unreachable" && evidence.isNews === true;
  if (isNoted === (evidence.type === "unreachable") && !isNews) return undefined;
  if (evidence.type === "reachable") {
    return writeStep(situation, {
      ...{ dueMs, memo: changeMemo(memo, { unreachableMs: undefined }), error: undefined },
      events: [stepEvent("reachable")],
    });
  }
  const { error } = evidence;
  const { unreachableMs = dueMs } = memo;
  return writeStep(situation, {
    ...{ dueMs, memo: changeMemo(memo, { unreachableMs }), error: errorData(error) },
    events: isNoted ? [] : [stepEvent("unreachable", { code: errorCode(error) })],
  });
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

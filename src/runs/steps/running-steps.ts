import type { OperationToken } from "../../operations/operation-token.ts";
import type { AttemptRecord } from "../journal/chunk-record.ts";
import { startCollecting } from "./collecting-steps.ts";
import type {
  CancelAskedEvidence,
  CancelFailedEvidence,
  DueEvidence,
  OperationReadEvidence,
  OperationUnreadEvidence,
} from "./evidence.ts";
import { readAgainAtMs } from "./pauses.ts";
import { repeatRead } from "./reading-failures.ts";
import { attemptOf, type Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import { errorCode, errorData, isGone, isRefusal } from "./step-errors.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, memoOf } from "./step-memo.ts";
import { writeStep } from "./write-step.ts";

/**
 * What becomes of a chunk that is `running`, whether the run is paused or not.
 *
 * | evidence | then |
 * |---|---|
 * | `due` | the operation is read; in a run that is cancelled it is first asked to cancel, until it took the request or refused |
 * | `operationRead`, running | read again after the pause of the schedule |
 * | `operationRead`, succeeded, failed or cancelled | `collecting`: an operation that failed or was cancelled may have written some shards, and what has a result counts |
 * | `operationUnread`, NOT_FOUND | `unknown`: operations expire; its output is looked for at once |
 * | `operationUnread`, any other | read again after a pause, however often; told as a problem where only a person can help |
 * | `cancelAsked` | followed to its end |
 * | `cancelFailed`, refused | followed to its end |
 * | `cancelFailed`, any other | the operation is read, and asked again when it is due |
 */
export function decideRunning(
  situation: Situation,
  evidence:
    | DueEvidence
    | OperationReadEvidence
    | OperationUnreadEvidence
    | CancelAskedEvidence
    | CancelFailedEvidence,
): StepDecision {
  const { attempt, operation } = knownOperation(situation);
  switch (evidence.type) {
    case "due": {
      const isToCancel =
        situation.runState === "cancelling" && memoOf(situation.chunk).cancelAskedMs === undefined;
      return { effect: { type: isToCancel ? "cancelOperation" : "readOperation", operation } };
    }
    case "operationRead":
      return evidence.finding.state === "running"
        ? goOn(situation, attempt)
        : startCollecting(situation, { finding: evidence.finding });
    case "operationUnread":
      return isGone(evidence.error)
        ? loseOperation(situation, evidence.error)
        : repeatRead(situation, { what: "operation", error: evidence.error });
    case "cancelAsked":
      return noteCancel(situation, attempt);
    case "cancelFailed":
      return isRefusal(evidence.error) && !isGone(evidence.error)
        ? noteRefusal(situation, evidence.error)
        : { effect: { type: "readOperation", operation } };
  }
}

function goOn(situation: Situation, attempt: AttemptRecord): StepDecision {
  const { chunk } = situation;
  const polls = chunk.polls + 1;
  const dueMs = readAgainAtMs(situation, attempt, polls);
  const memo = changeMemo(memoOf(chunk), { pollFailures: undefined });
  const step = writeStep(situation, { dueMs, polls, memo, error: undefined });
  return { step, isMinor: true, effect: { type: "wait", untilMs: dueMs } };
}

function loseOperation(situation: Situation, error: Error): StepDecision {
  const { chunk, nowMs, policy } = situation;
  const { attempt, operation } = knownOperation(situation);
  const step = writeStep(situation, {
    ...{ state: "unknown", dueMs: nowMs, polls: chunk.polls + 1, error: errorData(error) },
    memo: { perhapsSent: true, quarantineUntilMs: nowMs + policy.quarantineMs },
    events: [stepEvent("operationLost", { operation: operation.name })],
  });
  return { step, effect: { type: "listOutput", attempt } };
}

function noteCancel(situation: Situation, attempt: AttemptRecord): StepDecision {
  const { chunk, nowMs } = situation;
  const dueMs = readAgainAtMs(situation, { ...attempt, intentMs: nowMs }, 0);
  const step = writeStep(situation, {
    dueMs,
    memo: changeMemo(memoOf(chunk), { cancelAskedMs: nowMs }),
    events: [stepEvent("cancelAsked")],
  });
  return { step, effect: { type: "wait", untilMs: dueMs } };
}

function noteRefusal(situation: Situation, error: Error): StepDecision {
  const { chunk, nowMs } = situation;
  const { operation } = knownOperation(situation);
  const step = writeStep(situation, {
    dueMs: nowMs,
    memo: changeMemo(memoOf(chunk), { cancelAskedMs: nowMs }),
    events: [stepEvent("cancelRefused", { code: errorCode(error) })],
  });
  return { step, effect: { type: "readOperation", operation } };
}

function knownOperation(situation: Situation): {
  readonly attempt: AttemptRecord;
  readonly operation: OperationToken;
} {
  const attempt = attemptOf(situation);
  const { operation } = attempt;
  if (operation !== undefined) return { attempt, operation };
  throw new Error(`chunk ${attempt.number} is running without an operation`);
}

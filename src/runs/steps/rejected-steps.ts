import type { AttemptChange } from "../journal/chunk-writes.ts";
import { endChunk, unsentOutcome } from "./end-chunk.ts";
import { retryAtMs } from "./pauses.ts";
import { attemptOf, type Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import {
  classifyRejection,
  errorCode,
  errorData,
  retryDelayMs,
  type RejectionClass,
} from "./step-errors.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, lastingMemo, memoOf, type StepMemo } from "./step-memo.ts";
import { writeStep } from "./write-step.ts";

/** What RESOURCE_EXHAUSTED does to the pace of all submits. */
const slowDownFactor = 0.5;

/**
 * What becomes of a chunk whose submit was refused or never left. A pause is at least what the server
 * asks for, as far as {@link retryDelayMs} follows it.
 *
 * | error | then |
 * |---|---|
 * | RESOURCE_EXHAUSTED | `planned`, due after a pause, however often; all submits slow down |
 * | PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND, FAILED_PRECONDITION, UNIMPLEMENTED | `planned`, due after a pause, however often; told as a problem of the run |
 * | INVALID_ARGUMENT, OUT_OF_RANGE, InvalidRequestError | `failed` |
 * | any, of what never left this process: no connection, a claim that was over, a shutdown | `planned`, tried again after a short pause, however often |
 * | any other | `planned`, due after a pause; the `maxRejections`th in a row: `failed` |
 * | any, in a run that is cancelled | `cancelled` |
 *
 * Inputs of a chunk that ends so were not submitted, unless an earlier attempt may have been accepted:
 * then they are missing.
 */
export function decideRejected(
  situation: Situation,
  error: Error,
  { isUnsent = false }: { readonly isUnsent?: boolean } = {},
): StepDecision {
  const { chunk, runState, policy } = situation;
  const memo = memoOf(chunk);
  const kind = isUnsent ? "unsent" : classifyRejection(error);
  const counted = (memo.countedRejections ?? 0) + (kind === "passing" ? 1 : 0);
  if (runState === "cancelling") return end(situation, "cancelled", error);
  if (kind === "unsent") return tryAgain(situation, error);
  if (kind === "permanent" || counted >= policy.maxRejections) {
    return end(situation, "failed", error);
  }
  const rejections = (memo.rejections ?? 0) + 1;
  return sendAgain(situation, error, {
    kind,
    memo: {
      ...{ ...lastingMemo(memo), rejections },
      ...(counted === 0 ? {} : { countedRejections: counted }),
    },
  });
}

function end(situation: Situation, state: "failed" | "cancelled", error: Error): StepDecision {
  return endChunk(situation, {
    ...{ state, outcome: unsentOutcome(situation), error: errorData(error) },
    attempt: rejected(error),
    events: [stepEvent("rejected", { code: errorCode(error) })],
  });
}

function sendAgain(
  situation: Situation,
  error: Error,
  { kind, memo }: { readonly kind: RejectionClass; readonly memo: StepMemo },
): StepDecision {
  const { nowMs, policy } = situation;
  const failures = memo.rejections ?? 1;
  const dueMs = retryAtMs(situation, policy.submitBackoff, { failures, error });
  // Others may send while this chunk waits, unless the server told how long nobody should.
  const delayMs = retryDelayMs(error);
  const notBefore = delayMs === 0 ? {} : { notBeforeMs: Math.ceil(nowMs + delayMs) };
  const step = writeStep(situation, {
    ...{ state: "planned", dueMs, memo: { ...memo, ...notBefore }, error: errorData(error) },
    attempt: rejected(error),
    ...(kind === "busy" ? { flow: { rateFactor: slowDownFactor, ...notBefore } } : {}),
    events: [
      stepEvent("rejected", { code: errorCode(error), retryInMs: Math.round(dueMs - nowMs) }),
    ],
    release: true,
  });
  return { step, effect: { type: "leave" }, ...(kind === "wide" ? { problem: error } : {}) };
}

/**
 * Takes up that the submit was refused or never left, as a worker has recorded that lost the chunk before it
 * could tell: the request is sent again, and what then is answered is taken as any answer.
 */
export function takeUpRefusal(situation: Situation): StepDecision {
  const { chunk, nowMs } = situation;
  const memo = memoOf(chunk);
  const step = writeStep(situation, {
    ...{ state: "planned", dueMs: nowMs, error: attemptOf(situation).error },
    // That this one may have been sent is known to be wrong.
    memo: chunk.state === "unknown" ? changeMemo({}, { perhapsSent: memo.sentBefore }) : memo,
    events: [stepEvent("rejected", { retryInMs: 0 })],
  });
  return { step, effect: { type: "wait", untilMs: nowMs } };
}

/** Whether it is known by now that the submit was not accepted. */
export function isRefused({ attempt }: Situation): boolean {
  return attempt?.outcome === "rejected";
}

/** The claim is kept, and what the service answered before is as true as it was: whoever sends waits for it to be reached. */
function tryAgain(situation: Situation, error: Error): StepDecision {
  const { nowMs, policy } = situation;
  const dueMs = retryAtMs(situation, policy.submitBackoff, { failures: 1, error });
  const retryInMs = Math.round(dueMs - nowMs);
  const step = writeStep(situation, {
    ...{ state: "planned", dueMs, error: errorData(error), attempt: rejected(error) },
    events: [stepEvent("rejected", { code: errorCode(error), retryInMs })],
  });
  return { step, effect: { type: "wait", untilMs: dueMs } };
}

function rejected(error: Error): AttemptChange {
  return { outcome: "rejected", error: errorData(error) };
}

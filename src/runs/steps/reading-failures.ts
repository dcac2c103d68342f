import { retryAtMs } from "./pauses.ts";
import type { Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import { errorCode, errorData, isLasting } from "./step-errors.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, memoOf } from "./step-memo.ts";
import { writeStep } from "./write-step.ts";

/** What could not be read. */
export type ReadTarget = "operation" | "operations" | "output";

/** A read failed and says nothing about the chunk: it is repeated, however often, and told of the first time. */
export function repeatRead(
  situation: Situation,
  { what, error }: { readonly what: ReadTarget; readonly error: Error },
): StepDecision {
  const { chunk, policy } = situation;
  const memo = memoOf(chunk);
  const failures = (memo.pollFailures ?? 0) + 1;
  const dueMs = retryAtMs(situation, policy.readBackoff, { failures, error });
  const isFirst = failures === 1;
  const isUnknown = chunk.state === "unknown";
  const step = writeStep(situation, {
    dueMs,
    polls: chunk.polls + (what === "operation" ? 1 : 0),
    memo: changeMemo(memo, { pollFailures: failures }),
    // The error that ended the operation says more about the chunk than that of a read.
    ...(memo.operationEnd === undefined ? { error: errorData(error) } : {}),
    // Whoever looks next claims the chunk anew, and so learns of a name that was recorded late.
    ...(isUnknown ? { release: true } : {}),
    events: isFirst ? [stepEvent("readFailed", { what, code: errorCode(error) })] : [],
  });
  return {
    step,
    isMinor: !isFirst && !isUnknown,
    effect: isUnknown ? { type: "leave" } : { type: "wait", untilMs: dueMs },
    ...(isLasting(error) ? { problem: error } : {}),
  };
}

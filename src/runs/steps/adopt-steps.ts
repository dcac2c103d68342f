import type { OperationToken } from "../../operations/operation-token.ts";
import { startCollecting } from "./collecting-steps.ts";
import type { OperationFinding } from "./evidence.ts";
import { readAgainAtMs } from "./pauses.ts";
import { attemptOf, type Situation } from "./situation.ts";
import type { Effect, StepDecision } from "./step-decision.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, lastingMemo, memoOf } from "./step-memo.ts";
import { writeStep } from "./write-step.ts";

/** An operation that turned out to be that of an unknown attempt. */
export interface FoundOperation {
  readonly finding: OperationFinding;
  /** Default: the one that is recorded. */
  readonly operation?: OperationToken;
  /** How it was found. */
  readonly by: "name" | "list";
}

/** Goes on with the operation of an unknown attempt that was found. */
export function adoptOperation(situation: Situation, found: FoundOperation): StepDecision {
  const { finding, operation = attemptOf(situation).operation } = found;
  if (operation === undefined) {
    throw new Error(`chunk ${situation.chunk.number} has no operation that could have been read`);
  }
  const change = {
    attempt: { outcome: "accepted", operation } as const,
    events: [stepEvent("adopted", { by: found.by, operation: operation.name })],
  };
  return finding.state === "running"
    ? follow(situation, operation, change)
    : startCollecting(situation, { finding, ...change });
}

function follow(
  situation: Situation,
  operation: OperationToken,
  change: Pick<Parameters<typeof writeStep>[1], "attempt" | "events">,
): StepDecision {
  const { chunk, runState, nowMs } = situation;
  const polls = chunk.polls + 1;
  const isCancelling = runState === "cancelling";
  const attempt = { ...attemptOf(situation), operation };
  const dueMs = isCancelling ? nowMs : readAgainAtMs(situation, attempt, polls);
  const step = writeStep(situation, {
    ...{ state: "running", dueMs, polls, error: undefined, ...change },
    memo: lastingMemo(memoOf(chunk)),
  });
  const effect: Effect = isCancelling
    ? { type: "cancelOperation", operation }
    : { type: "wait", untilMs: dueMs };
  return { step, effect };
}

/** Goes on with the output of an unknown attempt that was found, or has grown: it was accepted. */
export function adoptOutput(situation: Situation, shards: number): StepDecision {
  const { chunk, nowMs, policy } = situation;
  const step = writeStep(situation, {
    ...{ state: "collecting", dueMs: nowMs },
    memo: changeMemo(memoOf(chunk), {
      ...{ adopted: true, shards, lastOutputMs: nowMs, pollFailures: undefined },
      graceUntilMs: nowMs + policy.adoptedGraceMs,
    }),
    attempt: { outcome: "accepted" },
    events: [stepEvent("adopted", { by: "output", shards })],
  });
  return { step, effect: { type: "readOutput", attempt: attemptOf(situation) } };
}

import { endChunk, endReason, uniformOutcome } from "./end-chunk.ts";
import { attemptOf, type Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, lastingMemo, memoOf } from "./step-memo.ts";
import { writeStep } from "./write-step.ts";

/** Looks no longer for an unknown attempt: what has a result counts, the rest is missing. */
export function giveUp(
  situation: Situation,
  { by, shards }: { readonly by: "policy" | "person" | "cancel"; readonly shards: number },
): StepDecision {
  const { chunk, nowMs } = situation;
  const events = [stepEvent("givenUp", { by, shards })];
  if (shards === 0) {
    return endChunk(situation, {
      ...{ state: "failed", outcome: uniformOutcome("missing", chunk.size), events },
      error: lostError(situation),
    });
  }
  const step = writeStep(situation, {
    ...{ state: "collecting", dueMs: nowMs, events },
    memo: changeMemo(lastingMemo(memoOf(chunk)), { givenUp: true }),
    attempt: { outcome: "accepted" },
  });
  return { step, effect: { type: "readOutput", attempt: attemptOf(situation) } };
}

function lostError(situation: Situation): ReturnType<typeof endReason> {
  const { attempt, prefix } = attemptOf(situation);
  return endReason(
    `submit ${attempt} may have been accepted, but nothing of it was found under ${prefix}; it may have been billed`,
  );
}

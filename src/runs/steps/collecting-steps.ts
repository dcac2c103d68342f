import { checkCounts } from "../../results/manifest.ts";
import type { ChunkOutcome } from "../journal/chunk-record.ts";
import type { AttemptChange } from "../journal/chunk-writes.ts";
import type { NewEvent } from "../journal/event-record.ts";
import { endChunk, endReason } from "./end-chunk.ts";
import type {
  DueEvidence,
  OperationFinding,
  OutputReadEvidence,
  OutputUnreadEvidence,
} from "./evidence.ts";
import { lookAgainAtMs } from "./pauses.ts";
import { repeatRead } from "./reading-failures.ts";
import { attemptOf, type Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import { errorCode, errorData } from "./step-errors.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, lastingMemo, memoOf, type StepMemo } from "./step-memo.ts";
import { writeStep } from "./write-step.ts";

/** An operation that has ended. */
type EndedFinding = Exclude<OperationFinding, { readonly state: "running" }>;

/** Goes on to the output of an operation that has ended. */
export function startCollecting(
  situation: Situation,
  found: {
    readonly finding: EndedFinding;
    readonly attempt?: AttemptChange;
    /** What happened before. */
    readonly events?: readonly NewEvent[];
  },
): StepDecision {
  const { chunk, nowMs, policy } = situation;
  const { finding, attempt, events = [] } = found;
  const error = "error" in finding ? finding.error : undefined;
  const operationEnd = finding.state === "succeeded" ? undefined : finding.state;
  const ended = stepEvent("operationEnded", {
    as: finding.state,
    code: error === undefined ? undefined : errorCode(error),
  });
  const step = writeStep(situation, {
    ...{ state: "collecting", dueMs: nowMs, polls: chunk.polls + 1 },
    memo: changeMemo(lastingMemo(memoOf(chunk)), {
      ...{ operationEnd, lastOutputMs: nowMs, graceUntilMs: nowMs + policy.graceMs },
    }),
    error: error === undefined ? undefined : errorData(error),
    ...(attempt === undefined ? {} : { attempt }),
    events: [...events, ended],
  });
  return { step, effect: { type: "readOutput", attempt: attemptOf(situation) } };
}

/**
 * What becomes of a chunk that is `collecting`.
 *
 * | evidence | then |
 * |---|---|
 * | `due` | the output is read |
 * | `outputRead`, every input has a result | `done`; after an operation that failed or was cancelled: `failed`, `cancelled` |
 * | `outputRead`, inputs are missing | read again, until the grace period after the last new shard is over |
 * | the same, with the grace period over | `failed`, or as the operation ended |
 * | the same, of output that was found without its operation | `unknown`: what the policy tells, once more was looked for |
 * | inputs are missing and nothing more will come: no shard of an operation that failed or was cancelled, or an attempt that was given up | as with the grace period over |
 * | `outputUnread` | read again after a pause, however often |
 *
 * Inputs whose shard is malformed are missing to the reader, and so they count.
 */
export function decideCollecting(
  situation: Situation,
  evidence: DueEvidence | OutputReadEvidence | OutputUnreadEvidence,
): StepDecision {
  switch (evidence.type) {
    case "due":
      return { effect: { type: "readOutput", attempt: attemptOf(situation) } };
    case "outputUnread":
      return repeatRead(situation, { what: "output", error: evidence.error });
    case "outputRead":
      return judge(situation, evidence);
  }
}

function judge(situation: Situation, evidence: OutputReadEvidence): StepDecision {
  const { chunk, nowMs } = situation;
  const { counts, shards } = evidence;
  checkCounts({ inputs: chunk.size, counts });
  const before = memoOf(chunk);
  const appeared = shards > (before.shards ?? 0);
  const memo = appeared ? withShards(situation, shards) : before;
  const isComplete = counts.missing + counts.notSubmitted === 0;
  const isFinal = memo.givenUp === true || (memo.operationEnd !== undefined && shards === 0);
  if (isComplete || isFinal) return end(situation, evidence);
  const { graceUntilMs: untilMs = nowMs, lastOutputMs: sinceMs = nowMs } = memo;
  const events = appeared ? [stepEvent("shardsAppeared", { shards })] : [];
  if (nowMs < untilMs) {
    const dueMs = lookAgainAtMs(situation, { sinceMs, untilMs });
    const step = writeStep(situation, {
      dueMs,
      memo: calm(memo),
      error: errorOf(situation),
      events,
    });
    return { step, isMinor: !appeared, effect: { type: "wait", untilMs: dueMs } };
  }
  return memo.adopted === true ? backToUnknown(situation, memo, events) : end(situation, evidence);
}

function withShards({ chunk, nowMs, policy }: Situation, shards: number): StepMemo {
  const memo = memoOf(chunk);
  const graceMs = memo.adopted === true ? policy.adoptedGraceMs : policy.graceMs;
  return changeMemo(memo, { shards, lastOutputMs: nowMs, graceUntilMs: nowMs + graceMs });
}

/** The policy is applied only after one more look, by whoever claims the chunk then: a name may be known meanwhile. */
function backToUnknown(
  situation: Situation,
  memo: StepMemo,
  events: readonly NewEvent[],
): StepDecision {
  const step = writeStep(situation, {
    ...{ state: "unknown", dueMs: situation.nowMs, memo: calm(memo), release: true },
    events: [...events, stepEvent("graceOver", { shards: memo.shards })],
  });
  return { step, effect: { type: "leave" } };
}

function end(situation: Situation, evidence: OutputReadEvidence): StepDecision {
  const { counts, malformed } = evidence;
  const lacking = counts.missing + counts.notSubmitted;
  const { operationEnd } = memoOf(situation.chunk);
  const state = operationEnd ?? (lacking === 0 ? "done" : "failed");
  return endChunk(situation, {
    ...{ state, outcome: toOutcome(evidence), malformed },
    error: errorOf(situation) ?? lackingError(situation, lacking, malformed),
  });
}

function toOutcome({ counts, statuses, manifest }: OutputReadEvidence): ChunkOutcome {
  return {
    counts: { ...counts, retried: 0 },
    ...(statuses === undefined ? {} : { statuses }),
    manifest,
  };
}

/** The error of the chunk without that of a read that has succeeded since. */
function errorOf({ chunk }: Situation): ChunkError {
  const { operationEnd } = memoOf(chunk);
  return operationEnd === undefined ? undefined : chunk.error;
}

type ChunkError = Situation["chunk"]["error"];

function lackingError({ chunk }: Situation, lacking: number, malformed: number): ChunkError {
  const cause = malformed === 0 ? "" : `, and ${malformed} shards or responses cannot be read`;
  return endReason(
    `${lacking} of ${chunk.size} inputs have no result under the output prefix${cause}`,
  );
}

function calm(memo: StepMemo): StepMemo {
  return changeMemo(memo, { pollFailures: undefined });
}

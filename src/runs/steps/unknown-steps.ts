import { adoptOperation, adoptOutput } from "./adopt-steps.ts";
import type {
  DueEvidence,
  HeldBackEvidence,
  OperationReadEvidence,
  OperationsListedEvidence,
  OperationsUnlistedEvidence,
  OperationUnreadEvidence,
  OutputListedEvidence,
  OutputUnreadEvidence,
  UnreachableEvidence,
} from "./evidence.ts";
import { giveUp } from "./give-up.ts";
import { lookAgainAtMs } from "./pauses.ts";
import { repeatRead } from "./reading-failures.ts";
import { isRefused, takeUpRefusal } from "./rejected-steps.ts";
import { attemptOf, type Situation } from "./situation.ts";
import type { Effect, StepDecision } from "./step-decision.ts";
import { isGone, isRefusal } from "./step-errors.ts";
import { stepEvent } from "./step-events.ts";
import { changeMemo, memoOf } from "./step-memo.ts";
import { writeStep, type StepChange } from "./write-step.ts";

/** What may be told of a chunk that is `unknown`. */
export type UnknownEvidence =
  | DueEvidence
  | HeldBackEvidence
  | UnreachableEvidence
  | OperationReadEvidence
  | OperationUnreadEvidence
  | OperationsListedEvidence
  | OperationsUnlistedEvidence
  | OutputListedEvidence
  | OutputUnreadEvidence;

/** The first thing that is looked for: the operation by its name, where one is recorded, else in the list. */
export function startLooking(situation: Situation): Effect {
  const attempt = attemptOf(situation);
  const { operation } = attempt;
  return operation === undefined
    ? { type: "findOperation", attempt }
    : { type: "readOperation", operation };
}

/**
 * What becomes of a chunk that is `unknown`. Every look takes this order, and ends at the first find;
 * between two looks the claim is given back.
 *
 * | evidence | then |
 * |---|---|
 * | `due` | a recorded operation is read; where none is, operations are listed |
 * | `due`, with the attempt recorded as rejected | sent again, unless a person decided `fail` |
 * | `operationRead` | `running`, or `collecting` where it has ended |
 * | `operationUnread`, NOT_FOUND | the output is listed |
 * | `operationsListed`, a match | `collecting` (or `running`) |
 * | `operationsListed`, none; `operationsUnlisted`, refused | the output is listed |
 * | `outputListed`, a person decided `fail` | given up: `failed`, or `collecting` where there are shards, to count what has a result |
 * | `outputListed`, shards that are new | `collecting`: adopted |
 * | `outputListed`, nothing new | see {@link decideNotFound} |
 * | any read that failed otherwise | the whole look is repeated after a pause, however often: nothing is decided by half of it |
 * | `heldBack`, `accepted` (when it is sent again) | a name was recorded meanwhile: whoever claims it next goes on with that |
 * | `heldBack`, any other, and `unreachable` | the whole look is repeated later |
 */
export function decideUnknown(situation: Situation, evidence: UnknownEvidence): StepDecision {
  const attempt = attemptOf(situation);
  switch (evidence.type) {
    case "due":
      return isRefused(situation) && situation.chunk.decision !== "fail"
        ? takeUpRefusal(situation)
        : { effect: startLooking(situation) };
    case "operationRead":
      return adoptOperation(situation, { ...evidence, by: "name" });
    case "operationUnread":
      if (isGone(evidence.error)) return { effect: { type: "listOutput", attempt } };
      return repeatRead(situation, { what: "operation", error: evidence.error });
    case "operationsListed":
      if (evidence.match === undefined) return { effect: { type: "listOutput", attempt } };
      return adoptOperation(situation, { ...evidence.match, by: "list" });
    case "operationsUnlisted":
      if (isRefusal(evidence.error)) return { effect: { type: "listOutput", attempt } };
      return repeatRead(situation, { what: "operations", error: evidence.error });
    case "outputUnread":
      return repeatRead(situation, { what: "output", error: evidence.error });
    case "outputListed":
      return decideListed(situation, evidence.shards);
    case "heldBack": {
      const { gate } = evidence;
      if (gate.gate === "accepted") return { effect: { type: "leave" } };
      return lookLater(situation, gate.gate === "wait" ? gate.waitMs : 0);
    }
    case "unreachable":
      return lookLater(situation, 0);
  }
}

function decideListed(situation: Situation, shards: number): StepDecision {
  const { chunk } = situation;
  if (chunk.decision === "fail") return giveUp(situation, { by: "person", shards });
  const isNew = shards > (memoOf(chunk).shards ?? 0);
  return isNew ? adoptOutput(situation, shards) : decideNotFound(situation, shards);
}

/**
 * What becomes of an unknown attempt of which a whole look found nothing new: the first row that fits.
 *
 * | if | then |
 * |---|---|
 * | a person decided `resubmit`, in a run that is cancelled | it is given up: nothing is submitted any more |
 * | a person decided `resubmit` | sent again under a new prefix |
 * | the quarantine (of adopted output: the grace period) is not over | looked for again |
 * | the run is cancelled | it is given up |
 * | policy `fail` | it is given up |
 * | policy `resubmit` | sent again under a new prefix, once the run runs |
 * | policy `wait` | not due any more: a person decides |
 */
function decideNotFound(situation: Situation, shards: number): StepDecision {
  const { chunk, runState, nowMs, policy } = situation;
  const { adopted = false, graceUntilMs, quarantineUntilMs } = memoOf(chunk);
  const untilMs = (adopted ? graceUntilMs : quarantineUntilMs) ?? nowMs;
  const isCancelling = runState === "cancelling";
  const isDecided = chunk.decision === "resubmit";
  if (!isDecided && nowMs < untilMs) return lookAgain(situation, untilMs);
  if (isCancelling) return giveUp(situation, { by: "cancel", shards });
  if (isDecided) return sendAgain(situation, "person");
  if (policy.onUnknownSubmit === "fail") return giveUp(situation, { by: "policy", shards });
  if (policy.onUnknownSubmit === "resubmit") return sendAgain(situation, "policy");
  return awaitPerson(situation, shards);
}

function lookAgain(situation: Situation, untilMs: number): StepDecision {
  const sinceMs = attemptOf(situation).intentMs;
  const dueMs = lookAgainAtMs(situation, { sinceMs, untilMs });
  return leaveUntil(situation, { dueMs, ...afterLook(situation) });
}

function sendAgain(situation: Situation, by: "policy" | "person"): StepDecision {
  const { chunk, runState } = situation;
  if (runState !== "running") return lookLater(situation, 0);
  const event = stepEvent("resubmitting", { attempt: chunk.attempt + 1, by });
  return { effect: { type: "submit", event } };
}

function lookLater(situation: Situation, waitMs: number): StepDecision {
  const { nowMs } = situation;
  const sinceMs = attemptOf(situation).intentMs;
  const lookMs = lookAgainAtMs(situation, { sinceMs, untilMs: Infinity });
  const dueMs = Math.max(nowMs + waitMs, lookMs);
  return leaveUntil(situation, { dueMs });
}

function awaitPerson(situation: Situation, shards: number): StepDecision {
  return leaveUntil(situation, {
    ...afterLook(situation),
    events: [stepEvent("undecided", { shards })],
  });
}

/** Reads that failed before a whole look are forgotten: why the fate is unknown is what counts. */
function afterLook(situation: Situation): StepChange {
  const memo = changeMemo(memoOf(situation.chunk), { pollFailures: undefined });
  return { memo, error: attemptOf(situation).error };
}

/** Whoever looks next claims the chunk anew, and so learns of a name that was recorded late. */
function leaveUntil(situation: Situation, change: StepChange): StepDecision {
  return { step: writeStep(situation, { ...change, release: true }), effect: { type: "leave" } };
}

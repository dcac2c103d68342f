import { VisionBatchError } from "../../errors/index.ts";
import type { ChunkOutcome, InputStatus, StatusCounts } from "../journal/chunk-record.ts";
import type { AttemptChange } from "../journal/chunk-writes.ts";
import type { NewEvent } from "../journal/event-record.ts";
import type { JsonData } from "../journal/run-record.ts";
import type { Situation } from "./situation.ts";
import type { StepDecision } from "./step-decision.ts";
import { stepEvent } from "./step-events.ts";
import { lastingMemo, memoOf } from "./step-memo.ts";
import { writeStep } from "./write-step.ts";

const noCounts: StatusCounts = {
  succeeded: 0,
  partial: 0,
  failed: 0,
  missing: 0,
  notSubmitted: 0,
  retried: 0,
};

/** How a chunk ends. */
export interface ChunkEnd {
  readonly state: "done" | "failed" | "cancelled";
  readonly outcome: ChunkOutcome;
  /** Why, unless it is done. */
  readonly error?: JsonData | undefined;
  readonly attempt?: AttemptChange;
  /** What happened before the end. */
  readonly events?: readonly NewEvent[];
  /** Shards that could not be read. */
  readonly malformed?: number;
}

/** Ends a chunk. */
export function endChunk(situation: Situation, end: ChunkEnd): StepDecision {
  const { state, outcome, error, attempt, events = [], malformed = 0 } = end;
  const counted = Object.entries(outcome.counts).filter(([, count]) => count > 0);
  const ended = stepEvent("ended", {
    state,
    counts: Object.fromEntries(counted),
    malformed: malformed === 0 ? undefined : malformed,
  });
  const step = writeStep(situation, {
    ...{ state, outcome, error: state === "done" ? undefined : error },
    memo: lastingMemo(memoOf(situation.chunk)),
    ...(attempt === undefined ? {} : { attempt }),
    events: [...events, ended],
  });
  return { step, effect: { type: "leave" } };
}

/** The outcome of a chunk all of whose inputs share a status. */
export function uniformOutcome(status: InputStatus, size: number): ChunkOutcome {
  return { counts: { ...noCounts, [status]: size } };
}

/** The outcome of a chunk that has no output: its inputs were never sent, unless an attempt may have been accepted. */
export function unsentOutcome({ chunk }: Situation): ChunkOutcome {
  const wasSent = memoOf(chunk).perhapsSent === true;
  return uniformOutcome(wasSent ? "missing" : "notSubmitted", chunk.size);
}

/** Why a chunk has ended, in words. */
export function endReason(message: string): JsonData {
  return new VisionBatchError(message).toJSON();
}

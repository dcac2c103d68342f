import type { ChunkOutcome, ChunkState } from "../journal/chunk-record.ts";
import type { AttemptChange, ChunkStep } from "../journal/chunk-writes.ts";
import type { NewEvent } from "../journal/event-record.ts";
import type { FlowChange } from "../journal/flow-record.ts";
import type { JsonData } from "../journal/run-record.ts";
import type { Situation } from "./situation.ts";
import { memoOf, type StepMemo } from "./step-memo.ts";

/** What a step changes; what is not named stays as it is, but for the due time. */
export interface StepChange {
  readonly state?: ChunkState;
  /** Absent: ended, or waiting for a person's decision. */
  readonly dueMs?: number;
  readonly polls?: number;
  readonly memo?: StepMemo;
  /** Undefined takes the error away. */
  readonly error?: JsonData | undefined;
  readonly attempt?: AttemptChange;
  readonly outcome?: ChunkOutcome;
  readonly events?: readonly NewEvent[];
  readonly flow?: FlowChange;
  readonly release?: boolean;
}

/** The step that makes a change. */
export function writeStep(situation: Situation, change: StepChange): ChunkStep {
  const { chunk, nowMs } = situation;
  const { run, number, worker, fence } = chunk;
  if (worker === undefined) throw new Error(`chunk ${number} is not claimed`);
  const { state = chunk.state, polls = chunk.polls, memo = memoOf(chunk), dueMs } = change;
  const { events = [], attempt, outcome, flow, release } = change;
  const error = "error" in change ? change.error : chunk.error;
  return {
    claim: { run, number, worker, fence },
    progress: {
      ...{ state, polls, memo },
      ...(dueMs === undefined ? {} : { dueMs }),
      ...(error === undefined ? {} : { error }),
    },
    events,
    ...(attempt === undefined ? {} : { attempt }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(flow === undefined ? {} : { flow }),
    ...(release === undefined ? {} : { release }),
    nowMs,
  };
}

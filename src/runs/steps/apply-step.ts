import {
  endedChunkStates,
  type AttemptRecord,
  type ChunkRecord,
  type ChunkWithAttempt,
} from "../journal/chunk-record.ts";
import type { ChunkStep } from "../journal/chunk-writes.ts";

/** A claimed chunk as the journal has it once a step is written, so that it need not be read again. */
export function withStep({ chunk, attempt }: ChunkWithAttempt, step: ChunkStep): ChunkWithAttempt {
  const { progress, outcome, release = false, nowMs } = step;
  const { dueMs: _due, error: _error, worker, leaseUntilMs, decision, ...kept } = chunk;
  const isEnded = endedChunkStates.includes(progress.state);
  const { dueMs, ...changed } = progress;
  const next: ChunkRecord = {
    ...kept,
    ...changed,
    ...(isEnded || dueMs === undefined ? {} : { dueMs }),
    ...(progress.state === "unknown" && decision !== undefined ? { decision } : {}),
    ...(isEnded || release || worker === undefined ? {} : { worker }),
    ...(isEnded || release || leaseUntilMs === undefined ? {} : { leaseUntilMs }),
    ...(outcome === undefined ? {} : { counts: outcome.counts }),
  };
  if (attempt === undefined) return { chunk: next };
  const settled = step.attempt === undefined ? {} : { ...step.attempt, settledMs: nowMs };
  return { chunk: next, attempt: { ...attempt, ...settled } };
}

/** A claimed chunk once the journal has begun an attempt of it. */
export function withAttempt({ chunk }: ChunkWithAttempt, attempt: AttemptRecord): ChunkWithAttempt {
  const { decision: _, ...kept } = chunk;
  const begun = { state: "submitting", attempt: attempt.attempt, dueMs: attempt.intentMs } as const;
  return { chunk: { ...kept, ...begun }, attempt };
}

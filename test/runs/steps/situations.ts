import { RpcError, StorageError, SubmitError, type Code } from "../../../src/errors/index.ts";
import type {
  AttemptRecord,
  ChunkRecord,
  ChunkState,
} from "../../../src/runs/journal/chunk-record.ts";
import type { ChunkStep } from "../../../src/runs/journal/chunk-writes.ts";
import {
  decideStep,
  defaultStepPolicy,
  type Evidence,
  type Situation,
  type StepDecision,
} from "../../../src/runs/steps/index.ts";
import type { StepMemo } from "../../../src/runs/steps/step-memo.ts";
import { counts, epochMs, operation } from "../journal/planned-run.ts";

/** When decisions are taken: ten seconds after the intent of the attempt. */
export const nowMs = epochMs + 10_000;

/** What a situation is beside its state. */
export interface SituationChanges {
  readonly chunk?: Partial<Omit<ChunkRecord, "memo">>;
  readonly attempt?: Partial<AttemptRecord>;
  readonly memo?: StepMemo;
  readonly runState?: Situation["runState"];
  readonly policy?: Partial<Situation["policy"]>;
  readonly nowMs?: number;
}

/** A claimed chunk of ten images at its first attempt, unless told. */
export function situation(state: ChunkState, changes: SituationChanges = {}): Situation {
  const known = state === "running" ? { operation: operation("operations/a") } : {};
  return {
    chunk: {
      ...{ run: 1, number: 7, kind: "image", size: 10, round: 0, fence: 3, worker: "worker" },
      ...{ state, dueMs: epochMs, polls: 2, attempt: state === "planned" ? 0 : 1 },
      ...{ leaseUntilMs: nowMs + 60_000, counts: counts({}), memo: changes.memo ?? {} },
      ...changes.chunk,
    },
    ...(state === "planned" ? {} : { attempt: { ...firstAttempt, ...known, ...changes.attempt } }),
    runState: changes.runState ?? "running",
    policy: { ...defaultStepPolicy, ...changes.policy },
    nowMs: changes.nowMs ?? nowMs,
    random: () => 0,
    planPoll: () => 20_000,
  };
}

const firstAttempt: AttemptRecord = {
  ...{ run: 1, number: 7, attempt: 1, prefix: "gs://bucket/run/000007/1/", fingerprint: "f" },
  ...{ intentMs: epochMs, size: 10, worker: "worker", fence: 2 },
};

/** Decides, and gives the step that must have come of it. */
export function decided(
  about: Situation,
  evidence: Evidence,
): StepDecision & { readonly step: ChunkStep } {
  const decision = decideStep(about, evidence);
  const { step } = decision;
  if (step === undefined) throw new Error(`${about.chunk.state}: ${evidence.type} brought no step`);
  return { ...decision, step };
}

/** The types of the events of a step. */
export function eventTypes({ step }: { readonly step: ChunkStep }): readonly string[] {
  return step.events.map(({ type }) => type);
}

export const due: Evidence = { type: "due" };

export function rpcError(code: Code, retryDelay?: string): RpcError {
  const typeUrl = "type.googleapis.com/google.rpc.RetryInfo";
  const details = retryDelay === undefined ? [] : [{ typeUrl, value: { retryDelay } }];
  return new RpcError(`it is ${code}`, { code, message: "", details, method: "method" });
}

export function submitFailed(
  outcome: "rejected" | "unsent" | "unknown",
  code: Code,
  retryDelay?: string,
): Evidence {
  const { details } = rpcError(code, retryDelay);
  const told = outcome === "unknown" ? outcome : "rejected";
  const fields = { code, message: "", details, method: "method", outcome: told } as const;
  return { type: "submitFailed", outcome, error: new SubmitError(`it is ${code}`, fields) };
}

export function storageError(reason: StorageError["reason"]): StorageError {
  return new StorageError("the store is not to be read", { reason, uri: "gs://bucket/" });
}

/** The output was read. */
export function outputRead(
  some: Partial<Record<"succeeded" | "partial" | "failed" | "missing", number>>,
  { shards = 1, malformed = 0 } = {},
): Evidence {
  const { retried: _, ...counted } = counts(some);
  return { type: "outputRead", counts: counted, shards, malformed, manifest: { shards } };
}

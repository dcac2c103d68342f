export type { ChunkManifest, ChunkReport } from "./chunk-report.ts";
export type { RunResultRecord } from "./driver/chunk-results.ts";
export type { PreparedSubmit, RunService, SubmitMethod } from "./driver/run-service.ts";
export type { InputPlace } from "./input-places.ts";
export {
  chunkStates,
  endedChunkStates,
  type AttemptOutcome,
  type AttemptRecord,
  type ChunkMemo,
  type ChunkProgress,
  type ChunkRecord,
  type ChunkRef,
  type ChunkState,
  type ChunkWithAttempt,
  type Decision,
  type InputStatus,
  type StatusCounts,
} from "./journal/chunk-record.ts";
export type { EventRecord, NewEvent } from "./journal/event-record.ts";
export type { Journal } from "./journal/journal.ts";
export type { ChunkKind, JsonData, RunKey, RunState } from "./journal/run-record.ts";
export { openRunsOver, type RunsBase, type RunsOptions } from "./open-runs.ts";
export type { PlanProgress } from "./plan/plan-writer.ts";
export type { PlannedInput, RunInput, RunInputObject, RunInputs } from "./plan/run-input.ts";
export type { PlanAssumptions, RunPlan } from "./plan-estimate.ts";
export {
  costOf,
  googlePrices,
  type Cost,
  type FeaturePrice,
  type PriceTable,
  type PriceTier,
} from "./prices.ts";
export type { RunSnapshot, WorkerClaims } from "./progress.ts";
export type { RunResultsOptions } from "./results.ts";
export type { RetryResult } from "./retry-failed.ts";
export type { RunClock } from "./run-clock.ts";
export type {
  RunFeature,
  RunImageContext,
  RunLimits,
  RunOptionsInit,
  RunSettingsInit,
} from "./run-options.ts";
export type { Run, RunChunksOptions, RunEventsOptions, RunPace } from "./run.ts";
export type { ListRunsOptions, PlanRequest, ResumeOptions, RunRequest } from "./run-request.ts";
export type { Runs } from "./runs.ts";
export type { OnUnknownSubmit } from "./steps/index.ts";
export type { RunProgressOptions } from "./watch-run.ts";

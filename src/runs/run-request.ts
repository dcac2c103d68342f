import type { RunState } from "./journal/run-record.ts";
import type { ChunkSizes } from "./plan/chunk-sizes.ts";
import type { PlanProgress } from "./plan/plan-writer.ts";
import type { RunInputs } from "./plan/run-input.ts";
import type { PlanAssumptions } from "./plan-estimate.ts";
import type { RunOptionsInit, RunSettingsInit } from "./run-options.ts";

/** A run to be started. */
export interface RunRequest extends RunOptionsInit, RunSettingsInit, ChunkSizes {
  /** The name of the run, unique in its journal and the name of its folder below `output`: letters, digits, `_`, `-` and `.`, at most 100. */
  readonly id: string;
  /** Images and files, in an order that is the same every time; asked for at once, before anything is waited for. */
  readonly inputs: RunInputs;
  /** Whose limits the run shares, e.g. a project. Default: those of all runs of the journal that name none. */
  readonly scope?: string | undefined;
  /** Told while the inputs are planned. */
  readonly onPlanned?: ((progress: PlanProgress) => void) | undefined;
  /** Ends the planning, which a later start continues; a run that was planned goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** What is planned without being started. */
export type PlanRequest = Omit<RunRequest, "id" | "onPlanned"> & PlanAssumptions;

/** How a run is resumed. */
export interface ResumeOptions extends RunSettingsInit {
  /** The inputs anew; needed only where the run was interrupted while it was planned. */
  readonly inputs?: RunInputs | undefined;
  /** Ends the planning, where it goes on; a run that was planned goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** What is listed. */
export interface ListRunsOptions {
  /** Default: all. */
  readonly states?: readonly RunState[] | undefined;
}

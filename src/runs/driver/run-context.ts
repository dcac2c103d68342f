import type { FlowLimits } from "../journal/flow-record.ts";
import type { RunRecord } from "../journal/run-record.ts";
import { flowLimitsOf, stepPolicyOf, type RunOptions } from "../run-options.ts";
import type { StepPolicy } from "../steps/index.ts";

/** A run as its chunks are worked on. */
export interface RunContext {
  readonly run: RunRecord;
  readonly options: RunOptions;
  readonly policy: StepPolicy;
  readonly limits: FlowLimits;
}

/** Reads what a journal keeps of a run. */
export function toRunContext(run: RunRecord): RunContext {
  return {
    run,
    options: run.options as unknown as RunOptions,
    policy: stepPolicyOf(run.settings),
    limits: flowLimitsOf(run.settings),
  };
}

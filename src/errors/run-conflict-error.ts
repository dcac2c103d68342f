import { VisionBatchError } from "./vision-batch-error.ts";

/** What was planned under a run's id, and what is given now. */
export interface RunDifference {
  /** Where they differ, e.g. `features[0].type`, `inputs[17]` or `inputs.length`. */
  readonly field: string;
  /** What was planned there; undefined: nothing. */
  readonly planned: unknown;
  /** What is given there; undefined: nothing. */
  readonly given: unknown;
}

/** A run of this id is there with other inputs or options; nothing was changed. Use another id, or what was planned. */
export class RunConflictError extends VisionBatchError {
  override readonly name = "RunConflictError";
  /** The id of the run. */
  readonly runId: string;
  /** Where they differ; of the inputs the first difference. */
  readonly differences: readonly RunDifference[];

  constructor(runId: string, differences: readonly RunDifference[]) {
    const shown = differences.slice(0, 10).map(describe);
    const more =
      differences.length > shown.length ? `; and ${differences.length - shown.length} more` : "";
    super(`run ${JSON.stringify(runId)} was planned otherwise: ${shown.join("; ")}${more}`);
    this.runId = runId;
    this.differences = differences;
  }
}

function describe({ field, planned, given }: RunDifference): string {
  return `${field} was ${show(planned)} and is now ${show(given)}`;
}

const maxShownLength = 80;

function show(value: unknown): string {
  if (value === undefined) return "absent";
  const text = JSON.stringify(value);
  return text.length > maxShownLength ? `${text.slice(0, maxShownLength - 1)}…` : text;
}

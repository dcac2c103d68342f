import { VisionBatchError } from "./vision-batch-error.ts";

/** One thing that is wrong with a request. */
export interface RequestProblem {
  /** The path of the field, e.g. `requests[3].image.source.imageUri`. */
  readonly field: string;
  /** The value found there, shortened where it is long. */
  readonly value: unknown;
  /** What is wrong with it and what is expected. */
  readonly message: string;
}

/** A request was refused before it was sent; it lists every problem, and nothing was billed. */
export class InvalidRequestError extends VisionBatchError {
  override readonly name = "InvalidRequestError";
  /** Everything that is wrong, in the order of the fields. */
  readonly problems: readonly RequestProblem[];

  constructor(what: string, problems: readonly RequestProblem[]) {
    const shown = problems.slice(0, 10).map((problem) => `${problem.field}: ${problem.message}`);
    const more =
      problems.length > shown.length ? `; and ${problems.length - shown.length} more` : "";
    super(`${what} was not sent: ${shown.join("; ")}${more}`);
    this.problems = problems;
  }
}

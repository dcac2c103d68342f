import { VisionBatchError } from "../../src/index.ts";

/** An error as JSON. */
export interface DescribedError {
  readonly message: string;
  readonly [field: string]: unknown;
}

/** What an error tells: all its fields where it is one of this package. */
export function describeError(error: unknown): DescribedError {
  if (error instanceof VisionBatchError) return { ...error.toJSON(), message: error.message };
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { message: String(error) };
}

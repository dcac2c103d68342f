import { OperationFailedError, RpcError, VisionBatchError } from "../errors/index.ts";

/** What is none of those that are known. */
export const otherType = "_OTHER";

const platformErrors: readonly string[] = ["AbortError", "TimeoutError"];

/** The kind of an error, one of few: the code of a status, the name of a class of this package, an abort or `_OTHER`. */
export function errorType(error: unknown): string {
  if (error instanceof RpcError || error instanceof OperationFailedError) return error.code;
  if (error instanceof VisionBatchError) return error.name;
  const { name } = error instanceof Error ? error : { name: otherType };
  return platformErrors.includes(name) ? name : otherType;
}

import { RpcError } from "../../errors/index.ts";
import type { HeldChunk } from "./held-chunk.ts";

/** Whether an error of a chunk is reason to stop its run. A token that has expired is renewed for the next call. */
export function isProblem({ current }: HeldChunk, error: Error): boolean {
  const { rejections = 0, pollFailures = 0 } = current.chunk.memo;
  const mayBeToken = error instanceof RpcError && error.code === "UNAUTHENTICATED";
  return !mayBeToken || Math.max(rejections, pollFailures) > 1;
}

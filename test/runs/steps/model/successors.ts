import type { ChunkState } from "../../../../src/runs/journal/chunk-record.ts";

/** Which states a state may be left to by one step; none: it is the end. */
export const successors: Readonly<Record<ChunkState, readonly ChunkState[]>> = {
  planned: ["planned", "cancelled"],
  submitting: ["running", "planned", "failed", "cancelled", "unknown"],
  unknown: ["unknown", "planned", "running", "collecting", "failed"],
  running: ["running", "collecting", "unknown"],
  collecting: ["collecting", "done", "failed", "cancelled", "unknown"],
  done: [],
  failed: [],
  cancelled: [],
};

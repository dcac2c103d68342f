import type { ChunkRecord } from "../runs/journal/chunk-record.ts";
import type { QueueName } from "./queues.ts";

/** What is counted of a worker; nothing in it tells one run, input or operation from another. */
export interface WorkerMeter {
  /** Jobs of a queue were done together. */
  jobsDone(
    queue: QueueName,
    jobs: { readonly done: number; readonly failed: number },
    seconds: number,
  ): void;
  /** A job of a queue failed so often that it was given up. */
  jobDead(queue: QueueName): void;
  /** A step of a chunk was written that led to this state. */
  step(state: ChunkRecord["state"]): void;
  /** A chunk has ended here, with so many inputs of each status. */
  ended(chunk: ChunkRecord): void;
  /** The journal could not be used. */
  journalFailed(): void;
}

/** Counts nothing. */
export const silentMeter: WorkerMeter = {
  jobsDone: () => undefined,
  jobDead: () => undefined,
  step: () => undefined,
  ended: () => undefined,
  journalFailed: () => undefined,
};

/**
 * Workers that share the runs of a journal in PostgreSQL, on any number of machines: start with
 * {@link createWorker}. Needs the optional packages `pg` and `pg-boss`.
 *
 * @module vision-batch/workers
 */
export { createWorker } from "./create-worker.ts";
export type { Worker } from "./worker.ts";
export type { CreateWorkerOptions, WorkerClient } from "./worker-options.ts";
export {
  recordsUri,
  writeNdjson,
  type ResultChunk,
  type ResultSink,
  type ResultTransaction,
  type SinkContext,
} from "./result-sink.ts";
export type { ApiVersion } from "../protocol/api-version.ts";
export type { ChunkRecord, RunResultRecord } from "../runs/index.ts";
export type { ObjectStore } from "../storage/index.ts";
export type { Logger } from "../transport/index.ts";

export { createWorker, type Worker } from "./create-worker.ts";
export type { CreateWorkerOptions, WorkerClient } from "./worker-options.ts";

import { VisionBatchError } from "../../errors/index.ts";

/** A task was not done within its limit; its worker was stopped. */
export class TaskTimeoutError extends VisionBatchError {
  override readonly name = "TaskTimeoutError";
  readonly timeoutMs: number;

  constructor(what: string, timeoutMs: number) {
    super(`${what} took longer than ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** A worker stopped by itself in the middle of a task. */
export class WorkerCrashedError extends VisionBatchError {
  override readonly name = "WorkerCrashedError";

  constructor(reason: string, options?: ErrorOptions) {
    super(`the worker stopped in the middle of a task: ${reason}`, options);
  }
}

/** The pool was closed before the task was done. */
export class PoolClosedError extends VisionBatchError {
  override readonly name = "PoolClosedError";

  constructor() {
    super("the annotator was closed before the task was done");
  }
}

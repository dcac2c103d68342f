import { Worker } from "node:worker_threads";
import { PoolClosedError, TaskTimeoutError, WorkerCrashedError } from "./pool-errors.ts";
import type { WorkerReport } from "./worker-messages.ts";

/** A task as it is posted, with the buffers that move to the worker. */
export interface PostedTask {
  readonly task: unknown;
  readonly transfer?: readonly ArrayBuffer[];
}

/** The limits of one task. */
export interface TaskLimits {
  /** From the moment that the worker reports `working`. */
  readonly taskTimeoutMs: number;
  /** Until then: loading an engine must not count against the first image. */
  readonly startTimeoutMs: number;
}

/** What a worker answered, and whether it asks to be replaced. */
export interface TaskOutcome<Reply> {
  readonly reply: Reply;
  readonly retire: boolean;
}

interface RunningTask<Reply> {
  readonly resolve: (outcome: TaskOutcome<Reply>) => void;
  readonly reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

/** One worker thread that does one task at a time; it does not keep the process alive between tasks. */
export class PooledWorker<Reply> {
  readonly #worker: Worker;
  readonly #limits: TaskLimits;
  #running: RunningTask<Reply> | undefined;
  #dead = false;

  constructor(url: URL, limits: TaskLimits) {
    this.#limits = limits;
    // Flags of the program, such as --input-type, would be applied to the worker's module too.
    this.#worker = new Worker(url, { execArgv: [] });
    this.#worker.on("message", (report: WorkerReport<Reply>) => this.#onReport(report));
    this.#worker.on("error", (error) => this.#onStop(describe(error), { cause: error }));
    this.#worker.on("exit", (code) => this.#onStop(`exit code ${code}`));
    this.#worker.unref();
  }

  /** Whether the thread is gone or being stopped, so that no task may be given to it. */
  get dead(): boolean {
    return this.#dead;
  }

  /**
   * Does one task.
   * @throws TaskTimeoutError, WorkerCrashedError or PoolClosedError; the worker is dead afterwards.
   */
  run(posted: PostedTask): Promise<TaskOutcome<Reply>> {
    return new Promise((resolve, reject) => {
      const timer = this.#startTimer("starting a worker", this.#limits.startTimeoutMs);
      this.#running = { resolve, reject, timer };
      this.#worker.ref();
      this.#worker.postMessage(posted.task, posted.transfer ?? []);
    });
  }

  /** Stops the thread and those that it started; a running task is rejected. */
  async terminate(error: Error = new PoolClosedError()): Promise<void> {
    this.#dead = true;
    this.#settle()?.reject(error);
    await this.#worker.terminate();
  }

  #onReport(report: WorkerReport<Reply>): void {
    if (this.#running === undefined) return;
    if (report.type === "working") {
      clearTimeout(this.#running.timer);
      this.#running.timer = this.#startTimer("the task", this.#limits.taskTimeoutMs);
      return;
    }
    this.#settle()?.resolve({ reply: report.reply, retire: report.retire });
  }

  #onStop(reason: string, options?: ErrorOptions): void {
    this.#dead = true;
    this.#settle()?.reject(new WorkerCrashedError(reason, options));
  }

  #startTimer(what: string, timeoutMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      void this.terminate(new TaskTimeoutError(what, timeoutMs));
    }, timeoutMs);
  }

  #settle(): RunningTask<Reply> | undefined {
    const running = this.#running;
    if (running === undefined) return undefined;
    clearTimeout(running.timer);
    this.#running = undefined;
    this.#worker.unref();
    return running;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { PoolClosedError } from "./pool-errors.ts";
import { PooledWorker, type PostedTask, type TaskLimits } from "./pooled-worker.ts";

/** How a {@link WorkerPool} is built. */
export interface WorkerPoolOptions extends TaskLimits {
  /** The module that each thread runs. */
  readonly workerUrl: URL;
  /** The most threads; each is started when a task needs it. */
  readonly workers: number;
}

interface Job<Reply> {
  /** Called when a worker is free, so that waiting tasks hold no copy of their content. */
  readonly post: () => PostedTask;
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** Worker threads with a queue: a task that fails, hangs or ends its thread costs that task alone. */
export class WorkerPool<Reply> {
  readonly #options: WorkerPoolOptions;
  readonly #idle: PooledWorker<Reply>[] = [];
  readonly #busy = new Set<PooledWorker<Reply>>();
  readonly #stopping = new Set<Promise<void>>();
  readonly #queue: Job<Reply>[] = [];
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /**
   * Does a task as soon as a worker is free.
   * @throws TaskTimeoutError, WorkerCrashedError, PoolClosedError, or the signal's reason: an abort
   * stops the waiting; a task that runs by then ends by itself or by its limit.
   */
  run(post: () => PostedTask, signal?: AbortSignal): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new PoolClosedError();
      signal?.throwIfAborted();
      const onAbort = (): void => {
        const position = this.#queue.indexOf(job);
        if (position >= 0) this.#queue.splice(position, 1);
        reject(signal?.reason as Error);
      };
      const done = (): void => signal?.removeEventListener("abort", onAbort);
      const job: Job<Reply> = {
        post,
        resolve: (reply) => {
          done();
          resolve(reply);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#queue.push(job);
      this.#dispatch();
    });
  }

  /** Rejects what waits and runs with PoolClosedError and stops every thread; may be called again. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#queue.splice(0)) job.reject(new PoolClosedError());
    for (const worker of [...this.#busy, ...this.#idle.splice(0)]) this.#stop(worker);
    await Promise.all(this.#stopping);
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const worker = this.#takeWorker();
      if (worker === undefined) return;
      const job = this.#queue.shift();
      if (job !== undefined) void this.#runOn(worker, job);
    }
  }

  #takeWorker(): PooledWorker<Reply> | undefined {
    for (let worker = this.#idle.pop(); worker !== undefined; worker = this.#idle.pop()) {
      if (!worker.dead) return worker;
    }
    if (this.#busy.size >= this.#options.workers) return undefined;
    return new PooledWorker(this.#options.workerUrl, this.#options);
  }

  async #runOn(worker: PooledWorker<Reply>, job: Job<Reply>): Promise<void> {
    this.#busy.add(worker);
    let keep = false;
    try {
      const { reply, retire } = await worker.run(job.post());
      keep = !retire && !this.#closed;
      job.resolve(reply);
    } catch (error) {
      job.reject(error as Error);
    } finally {
      this.#busy.delete(worker);
      if (keep) this.#idle.push(worker);
      else this.#stop(worker);
      this.#dispatch();
    }
  }

  #stop(worker: PooledWorker<Reply>): void {
    const stopping = worker.terminate().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }
}

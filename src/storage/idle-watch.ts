import { IdleTimeoutError } from "./cloud-storage-errors.ts";

/** Made once: a reason of its own for each request would cost a trace of the stack. */
const closed = new Error("the request is over");

/** Aborts a request when nothing comes for too long, when the caller's signal is aborted, and when it is closed. */
export class IdleWatch {
  /** To be given to the request. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #idleTimeoutMs: number;
  readonly #unlink: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isWaiting = false;
  #timeout: IdleTimeoutError | undefined;

  constructor(idleTimeoutMs: number, signal: AbortSignal | undefined) {
    this.#idleTimeoutMs = idleTimeoutMs;
    this.signal = this.#controller.signal;
    this.#unlink = this.#follow(signal);
  }

  /** Why the request was aborted, where that was for the time. */
  get timeout(): IdleTimeoutError | undefined {
    return this.#timeout;
  }

  /** Begins to wait for something. */
  start(): void {
    this.#isWaiting = true;
    // One timer for all waits of a request: there are as many as its answer has parts.
    if (this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#end();
      }, this.#idleTimeoutMs);
    } else this.#timer.ref().refresh();
  }

  /** Ends the wait: something came. */
  stop(): void {
    this.#isWaiting = false;
    // A reader who never comes back must not keep the process alive.
    this.#timer?.unref();
  }

  /** Closes the connection of a request that is still under way. */
  close(): void {
    clearTimeout(this.#timer);
    this.#unlink();
    this.#controller.abort(closed);
  }

  /** By a listener that is taken back: what `AbortSignal.any` makes of two stays until a collection of all garbage. */
  #follow(signal: AbortSignal | undefined): () => void {
    const abort = (): void => {
      this.#controller.abort(signal?.reason);
    };
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort, { once: true });
    return () => signal?.removeEventListener("abort", abort);
  }

  #end(): void {
    if (!this.#isWaiting) return;
    this.#timeout = new IdleTimeoutError(this.#idleTimeoutMs);
    this.#controller.abort(this.#timeout);
  }
}

import { IdleTimeoutError } from "./cloud-storage-errors.ts";

/** Made once: a reason of its own for each request would cost a trace of the stack. */
const closed = new Error("the request is over");

/** Aborts a request when nothing comes for too long, when the caller's signal is aborted, and when it is closed. */
export class IdleWatch {
  /** To be given to the request. */
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #idleTimeoutMs: number;
  #timer: NodeJS.Timeout | undefined;
  #timeout: IdleTimeoutError | undefined;

  constructor(idleTimeoutMs: number, signal: AbortSignal | undefined) {
    this.#idleTimeoutMs = idleTimeoutMs;
    const own = this.#controller.signal;
    this.signal = signal === undefined ? own : AbortSignal.any([own, signal]);
  }

  /** Why the request was aborted, where that was for the time. */
  get timeout(): IdleTimeoutError | undefined {
    return this.#timeout;
  }

  /** Begins to wait for something. */
  start(): void {
    this.stop();
    this.#timer = setTimeout(() => {
      this.#timeout = new IdleTimeoutError(this.#idleTimeoutMs);
      this.#controller.abort(this.#timeout);
    }, this.#idleTimeoutMs);
  }

  /** Ends the wait: something came. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Closes the connection of a request that is still under way. */
  close(): void {
    this.stop();
    this.#controller.abort(closed);
  }
}

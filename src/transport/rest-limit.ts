import { onAbort } from "./abortable.ts";
import { PreparationError } from "./grpc-failure.ts";
import type { Attempt } from "./transport.ts";

/** How long to wait for a connection at most: where none has come by then, host or network are wrong. */
const connectTimeoutMs = 60_000;

/** What can end an attempt before its answer: the signal of its caller and its time limit. */
export class AttemptLimit implements Disposable {
  readonly #abort = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #unlink: () => void;

  constructor({ timeoutMs, signal }: Pick<Attempt, "timeoutMs" | "signal">) {
    const stop = (reason: unknown): void => {
      this.#abort.abort(reason);
    };
    this.#unlink = onAbort(signal === undefined ? [] : [signal], stop);
    if (signal?.aborted === true) stop(signal.reason);
    this.#timers.push(
      setTimeout(() => {
        stop(new PreparationError("DEADLINE_EXCEEDED", `no answer within ${timeoutMs} ms`));
      }, timeoutMs),
    );
  }

  /** Aborts with the reason of whatever came first. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Gives up the attempt, unless something has come by then, when there is no connection for 60 s. */
  expectConnection(isConnected: () => boolean): void {
    const check = (): void => {
      const message = `no connection within ${connectTimeoutMs} ms`;
      if (!isConnected()) this.#abort.abort(new PreparationError("UNAVAILABLE", message));
    };
    this.#timers.push(setTimeout(check, connectTimeoutMs));
  }

  /** Ends the limit: timers and listeners are gone. */
  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#unlink();
  }
}

import { RpcError, VisionBatchError, WaitTimeoutError } from "../errors/index.ts";
import { endedByReturn } from "../transport/ended-by-return.ts";
import type { CallOptions } from "../transport/transport.ts";
import type { OperationEvent } from "./operation-events.ts";
import { kindOf, type OperationOrigin } from "./operation-origin.ts";
import { OperationPoller, type KnownOperation } from "./operation-poller.ts";
import type { OperationRuntime } from "./operation-runtime.ts";
import type { OperationSnapshot } from "./operation-snapshot.ts";
import { createToken, type OperationToken } from "./operation-token.ts";

/** Options of watching and waiting. */
export interface WatchOptions {
  /** Stops watching at once when it aborts; the operation goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Whether an abort of the signal also cancels the operation; the rejection then waits until the service has answered. Default false. */
  readonly cancelOnAbort?: boolean | undefined;
}

/** Options of {@link OperationHandle.wait}. */
export interface WaitOptions extends WatchOptions {
  /** How long to wait at most, in milliseconds. Default: no limit. */
  readonly timeoutMs?: number | undefined;
}

/** What became of a request to cancel: sent, not offered by the server, or too late. */
export type CancelOutcome = "requested" | "unsupported" | "alreadyDone";

/**
 * A long-running operation at the service. It is no promise: an async function can return it, and
 * `wait()` is what waits.
 */
export class OperationHandle<Result = unknown, Metadata = unknown> {
  readonly #poller: OperationPoller<Result, Metadata>;
  readonly #runtime: OperationRuntime;
  readonly #traceparent: string | undefined;

  /** @internal */
  constructor(name: string, runtime: OperationRuntime, known?: KnownOperation<Result, Metadata>) {
    this.#poller = new OperationPoller(name, runtime, known);
    this.#runtime = runtime;
    this.#traceparent = known?.traceparent;
  }

  /** The name of the operation at the service, e.g. `projects/p/operations/x`. */
  get name(): string {
    return this.#poller.name;
  }

  /** What the operation was asked to do; undefined for one that was opened by its name, or came from a list. */
  get origin(): OperationOrigin | undefined {
    return this.#poller.origin;
  }

  /**
   * Reads the operation exactly once.
   * @throws RpcError when the read fails.
   */
  poll(options?: CallOptions): Promise<OperationSnapshot<Result, Metadata>> {
    return this.#poller.poll(options);
  }

  /**
   * The result, once the operation is done; any number of callers may wait, each with its own signal.
   * @throws OperationFailedError, OperationCancelledError or OperationResultError when it ended
   * without a result; WaitTimeoutError after `timeoutMs`; RpcError when it cannot be read (gone, not
   * allowed); the signal's reason when that aborts.
   */
  async wait(options: WaitOptions = {}): Promise<Result> {
    const { timeoutMs } = options;
    if (timeoutMs === undefined || timeoutMs === Infinity) return this.#traced(options);
    if (!(timeoutMs >= 0)) {
      throw new VisionBatchError(
        `the timeoutMs of a wait is milliseconds, at least 0; got ${String(timeoutMs)}`,
      );
    }
    const limit = new AbortController();
    const timer = new AbortController();
    this.#runtime.clock.sleep(timeoutMs, timer.signal).then(
      () => {
        limit.abort(new WaitTimeoutError(this.name, timeoutMs));
      },
      () => undefined,
    );
    try {
      return await this.#traced(options, limit.signal);
    } finally {
      timer.abort();
    }
  }

  /**
   * What happens to the operation, as it is seen: what is known already, then an event a read; the
   * last one is `succeeded`, `failed` or `cancelled`. Leaving the loop stops watching at once.
   * @throws RpcError when the operation cannot be read (gone, not allowed); the signal's reason.
   */
  watch(options: WatchOptions = {}): AsyncGenerator<OperationEvent<Result, Metadata>, void, void> {
    return endedByReturn((left) => this.#watch(options, left));
  }

  /** As {@link OperationHandle.watch} without options. */
  [Symbol.asyncIterator](): AsyncGenerator<OperationEvent<Result, Metadata>, void, void> {
    return this.watch();
  }

  /**
   * Asks the service to cancel the operation; whether it does shows in its end (`cancelled`, or a
   * result that came first). A server without cancellation answers `unsupported`. The operation is
   * read before, and a time limit is that of either call.
   * @throws RpcError when the request fails otherwise.
   */
  async cancel(options?: CallOptions): Promise<CancelOutcome> {
    if (await this.#isDone(options)) return "alreadyDone";
    try {
      await this.#runtime.api.cancel(this.name, options);
      return "requested";
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      if (error.code === "UNIMPLEMENTED") return "unsupported";
      const isClosed = this.#runtime.closed.aborted;
      if (error.code === "FAILED_PRECONDITION" && !isClosed) return "alreadyDone";
      throw error;
    }
  }

  /** A token that `client.operation()` turns back into a handle, in this process or another. */
  toJSON(): OperationToken {
    const { origin } = this;
    return createToken(this.name, this.#runtime.host, { origin, traceparent: this.#traceparent });
  }

  /** `end` ends the watch as the signal does, but never cancels the operation. */
  async *#watch(
    { signal, cancelOnAbort = false }: WatchOptions,
    end?: AbortSignal,
  ): AsyncGenerator<OperationEvent<Result, Metadata>, void, void> {
    const signals = [signal, end].filter((each) => each !== undefined);
    try {
      yield* this.#poller.watch(signals);
    } finally {
      if (cancelOnAbort && signal?.aborted === true) await this.#cancelQuietly();
    }
  }

  /** A wait is a trace of its own, since it may take hours; it links to the submit. */
  #traced(options: WatchOptions, limit?: AbortSignal): Promise<Result> {
    const attributes = {
      "vision_batch.operation.name": this.name,
      "vision_batch.operation.kind": kindOf(this.origin),
    };
    const start = { activity: "wait", name: "vision_batch.wait", isRoot: true } as const;
    return this.#runtime.telemetry.span({ ...start, follows: this.#traceparent, attributes }, () =>
      this.#settle(options, limit),
    );
  }

  async #settle(options: WatchOptions, limit?: AbortSignal): Promise<Result> {
    for await (const event of this.#watch(options, limit)) {
      if (event.type === "succeeded") return event.result;
      if (event.type === "failed" || event.type === "cancelled") throw event.error;
    }
    throw new Error(`the watch of ${this.name} ended before the operation`);
  }

  /** A server may accept the cancel of a finished operation, so that only a read tells. */
  async #isDone(options?: CallOptions): Promise<boolean> {
    if (this.#poller.settled !== undefined) return true;
    try {
      return (await this.#poller.poll(options)).state !== "running";
    } catch (error) {
      options?.signal?.throwIfAborted();
      if (error instanceof RpcError) return false;
      throw error;
    }
  }

  async #cancelQuietly(): Promise<void> {
    try {
      const outcome = await this.cancel();
      this.#runtime.logger.info({ operation: this.name, outcome }, "cancelled on abort");
    } catch (error) {
      this.#runtime.logger.error({ operation: this.name, error }, "the cancel on abort failed");
    }
  }
}

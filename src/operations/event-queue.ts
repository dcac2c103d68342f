import { abortable } from "../transport/abortable.ts";
import type { OperationEvent } from "./operation-events.ts";

/** The events that one watcher has not taken yet; an event takes the place of one of its own kind just before it, so that a slow watcher holds few. */
export class EventQueue<Result, Metadata> {
  readonly #events: OperationEvent<Result, Metadata>[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(event: OperationEvent<Result, Metadata>): void {
    const last = this.#events.at(-1);
    if (last?.type === event.type) this.#events.pop();
    const changed = last?.type === "running" && last.changed;
    this.#events.push(event.type === "running" && changed ? { ...event, changed } : event);
    this.#wake?.();
  }

  /** Ends the queue: what was pushed before is still taken, then the error is thrown. */
  fail(error: unknown): void {
    this.#failure = { error };
    this.#wake?.();
  }

  /** The next event; rejects with the signal's reason when it aborts. */
  async take(signal?: AbortSignal): Promise<OperationEvent<Result, Metadata>> {
    for (;;) {
      signal?.throwIfAborted();
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (this.#failure !== undefined) throw this.#failure.error;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#wake = () => {
        resolve(undefined);
      };
      await abortable(promise, signal);
    }
  }
}

import type { OperationEvent } from "./operation-events.ts";

/** The events that one watcher has not taken yet; a new event takes the place of an older one of its kind, so that a slow watcher holds few. */
export class EventQueue<Result, Metadata> {
  readonly #events: OperationEvent<Result, Metadata>[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(event: OperationEvent<Result, Metadata>): void {
    const index = this.#events.findIndex(({ type }) => type === event.type);
    const older = index === -1 ? undefined : this.#events.splice(index, 1)[0];
    const changed = older?.type === "running" && older.changed;
    this.#events.push(event.type === "running" && changed ? { ...event, changed } : event);
    this.#wake?.();
  }

  /** Ends the queue: what was pushed before is still taken, then the error is thrown. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  /** Ends the queue at once: what was not taken is dropped. */
  abort(reason: unknown): void {
    this.#events.length = 0;
    this.#failure = { error: reason };
    this.#wake?.();
  }

  /** The next event; rejects once the queue has ended. */
  async take(): Promise<OperationEvent<Result, Metadata>> {
    for (;;) {
      const event = this.#events.shift();
      if (event !== undefined) return event;
      if (this.#failure !== undefined) throw this.#failure.error;
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#wake = () => {
        resolve(undefined);
      };
      await promise;
    }
  }
}

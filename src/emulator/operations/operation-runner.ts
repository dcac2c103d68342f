import type { FaultStrike } from "../faults/fault-rule.ts";
import type { PlainJson } from "../plain-json.ts";
import type { ProcessingQueue } from "../processing-queue.ts";
import { statusOf } from "../service-error.ts";
import { sleep, type EmulatorClock } from "../emulator-clock.ts";
import { CancelledByCaller, type Operation } from "./operation.ts";
import type { OperationGate } from "./operation-gate.ts";

/** The work of one operation; it answers the result, an `Any` in proto3 JSON form. */
export interface OperationWork {
  /** What it takes of the room in processing: images or files. */
  readonly units: number;
  /** A fault that ends the operation in place of its work. */
  readonly strike?: FaultStrike | undefined;
  run(operation: Operation): Promise<PlainJson>;
}

/** Runs the work of operations behind the calls that started them. */
export class OperationRunner {
  readonly #queue: ProcessingQueue;
  readonly #gate: OperationGate;
  readonly #clock: EmulatorClock;
  readonly #running = new Map<Operation, Promise<void>>();

  constructor(parts: {
    readonly queue: ProcessingQueue;
    readonly gate: OperationGate;
    readonly clock: EmulatorClock;
  }) {
    this.#queue = parts.queue;
    this.#gate = parts.gate;
    this.#clock = parts.clock;
  }

  /** Starts the work once the caller has had its answer, and returns at once. */
  launch(operation: Operation, work: OperationWork): void {
    const running = this.#run(operation, work).finally(() => this.#running.delete(operation));
    this.#running.set(operation, running);
  }

  /** Stops all work without cancelling it by name, and resolves when none is left. */
  async stop(reason: Error): Promise<void> {
    for (const operation of this.#running.keys()) operation.abandon(reason);
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }

  async #run(operation: Operation, work: OperationWork): Promise<void> {
    const { signal } = operation;
    let leave: (() => void) | undefined;
    try {
      // Held from the call on: whoever has seen the submit can release it.
      await this.#gate.pass(operation.name, signal);
      await new Promise((resolve) => setImmediate(resolve));
      leave = await this.#queue.enter(work.units, signal);
      operation.start();
      await this.#workOrStrike(operation, work);
    } catch (error) {
      const cause: unknown = signal.aborted ? signal.reason : error;
      const cancelled = cause instanceof CancelledByCaller;
      operation.fail(
        cancelled
          ? { code: "CANCELLED", message: "The operation was cancelled." }
          : statusOf(cause),
      );
    } finally {
      leave?.();
    }
  }

  async #workOrStrike(operation: Operation, work: OperationWork): Promise<void> {
    const { strike } = work;
    if (strike?.status === undefined) {
      operation.succeed(await work.run(operation));
    } else {
      await sleep(this.#clock, strike.delayMs, operation.signal);
      operation.fail(strike.status);
    }
  }
}

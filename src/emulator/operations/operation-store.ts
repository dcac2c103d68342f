import { randomBytes } from "node:crypto";
import type { EmulatorClock } from "../emulator-clock.ts";
import { ServiceError } from "../service-error.ts";
import { Operation } from "./operation.ts";
import { createTimestamps } from "./timestamps.ts";

interface Ended {
  readonly name: string;
  readonly atMs: number;
}

/** Operations by name, in memory; one that has been done for `retentionMs` is forgotten. */
export class OperationStore {
  readonly #clock: EmulatorClock;
  readonly #retentionMs: number;
  readonly #timestamp: () => string;
  readonly #operations = new Map<string, Operation>();
  /** In the order of their ends, so that the first is the first to expire. */
  readonly #ended: Ended[] = [];
  #lastSequence = 0;

  constructor(options: { readonly clock: EmulatorClock; readonly retentionMs: number }) {
    this.#clock = options.clock;
    this.#retentionMs = options.retentionMs;
    this.#timestamp = createTimestamps(options.clock);
  }

  /** Makes an operation below `parent`, e.g. `projects/P` or `projects/P/locations/L`. */
  create(parent: string, metadataType: string): Operation {
    this.#lastSequence += 1;
    const operation = new Operation({
      name: `${parent}/operations/${randomBytes(8).toString("hex")}`,
      sequence: this.#lastSequence,
      metadataType,
      timestamp: this.#timestamp,
    });
    this.#operations.set(operation.name, operation);
    void operation.finished.then(() => {
      this.#ended.push({ name: operation.name, atMs: this.#clock.now() });
    });
    return operation;
  }

  /** @throws {@link ServiceError} NOT_FOUND for a name that is unknown or has expired. */
  get(name: string): Operation {
    this.#forgetExpired();
    const operation = this.#operations.get(name);
    if (operation === undefined) {
      throw new ServiceError({ code: "NOT_FOUND", message: `Operation not found: ${name}` });
    }
    return operation;
  }

  /** Every operation that is not forgotten, the newest first. */
  list(): readonly Operation[] {
    this.#forgetExpired();
    return [...this.#operations.values()].reverse();
  }

  /** Forgets an operation; its work goes on. @throws {@link ServiceError} NOT_FOUND. */
  delete(name: string): void {
    this.#operations.delete(this.get(name).name);
  }

  /** Forgets every operation. */
  clear(): void {
    this.#operations.clear();
    this.#ended.length = 0;
  }

  #forgetExpired(): void {
    const expiry = this.#clock.now() - this.#retentionMs;
    const kept = this.#ended.findIndex(({ atMs }) => atMs > expiry);
    const expired = this.#ended.splice(0, kept === -1 ? this.#ended.length : kept);
    for (const { name } of expired) this.#operations.delete(name);
  }
}

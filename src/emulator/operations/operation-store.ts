import { randomBytes } from "node:crypto";
import type { EmulatorClock } from "../emulator-clock.ts";
import { ServiceError } from "../service-error.ts";
import { Operation } from "./operation.ts";
import { createTimestamps } from "./timestamps.ts";

interface Entry {
  readonly operation: Operation;
  endedAtMs: number | undefined;
}

/** Operations by name, in memory; one that has been done for `retentionMs` is forgotten. */
export class OperationStore {
  readonly #clock: EmulatorClock;
  readonly #retentionMs: number;
  readonly #timestamp: () => string;
  readonly #entries = new Map<string, Entry>();
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
    const entry: Entry = { operation, endedAtMs: undefined };
    this.#entries.set(operation.name, entry);
    void operation.finished.then(() => {
      entry.endedAtMs = this.#clock.now();
    });
    return operation;
  }

  /** @throws {@link ServiceError} NOT_FOUND for a name that is unknown or has expired. */
  get(name: string): Operation {
    this.#forgetExpired();
    const entry = this.#entries.get(name);
    if (entry === undefined) {
      throw new ServiceError({
        code: "NOT_FOUND",
        message: `Operation not found: ${name}`,
      });
    }
    return entry.operation;
  }

  /** Every operation that is not forgotten, the newest first. */
  list(): readonly Operation[] {
    this.#forgetExpired();
    return [...this.#entries.values()].map(({ operation }) => operation).reverse();
  }

  /** Forgets an operation; its work goes on. @throws {@link ServiceError} NOT_FOUND. */
  delete(name: string): void {
    this.#entries.delete(this.get(name).name);
  }

  /** Forgets every operation. */
  clear(): void {
    this.#entries.clear();
  }

  #forgetExpired(): void {
    const expiry = this.#clock.now() - this.#retentionMs;
    for (const [name, { endedAtMs }] of this.#entries) {
      if (endedAtMs !== undefined && endedAtMs <= expiry) this.#entries.delete(name);
    }
  }
}

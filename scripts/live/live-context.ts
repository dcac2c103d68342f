import type { VisionBatchClient } from "../../src/index.ts";
import type { ObjectStore } from "../../src/storage/index.ts";
import type { RunCommand } from "./arguments.ts";
import type { OperationLog } from "./operation-log.ts";
import type { SharedWork } from "./probe.ts";
import type { RawCalls } from "./raw-calls.ts";
import type { StagedInputs } from "./stage-inputs.ts";

/** What the context is made of. */
export interface LiveParts {
  readonly command: RunCommand;
  /** Everything is written below it: `gs://B/vision-batch-live/<run id>/`. */
  readonly prefix: string;
  readonly runId: string;
  readonly client: VisionBatchClient;
  readonly raw: RawCalls;
  readonly store: ObjectStore;
  readonly inputs: StagedInputs;
  readonly operations: OperationLog;
  readonly signal: AbortSignal;
}

/** What every probe works with. */
export class LiveContext implements LiveParts, AsyncDisposable {
  readonly command: RunCommand;
  readonly prefix: string;
  readonly runId: string;
  readonly client: VisionBatchClient;
  readonly raw: RawCalls;
  readonly store: ObjectStore;
  readonly inputs: StagedInputs;
  readonly signal: AbortSignal;
  readonly operations: OperationLog;
  readonly #shared = new Map<SharedWork<unknown>, Promise<unknown>>();

  constructor(parts: LiveParts) {
    this.command = parts.command;
    this.prefix = parts.prefix;
    this.runId = parts.runId;
    this.client = parts.client;
    this.raw = parts.raw;
    this.store = parts.store;
    this.inputs = parts.inputs;
    this.operations = parts.operations;
    this.signal = parts.signal;
  }

  /** An output prefix of its own. */
  output(name: string): string {
    return `${this.prefix}output/${name}/`;
  }

  /** Does shared work once, whoever asks first. */
  share<T>(work: SharedWork<T>): Promise<T> {
    const known = this.#shared.get(work);
    if (known !== undefined) return known as Promise<T>;
    const begun = work.run(this);
    this.#shared.set(work, begun);
    return begun;
  }

  /** Closes the connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.client.close(), this.raw.close()]);
  }
}

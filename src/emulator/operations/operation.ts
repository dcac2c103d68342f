import { isPlainJson, type PlainJson } from "../plain-json.ts";
import { statusToJson, type ServiceStatus } from "../service-error.ts";
import { operationMetadata, type OperationState } from "./operation-metadata.ts";

type Outcome =
  | { readonly response: PlainJson }
  | { readonly error: ReturnType<typeof statusToJson> }
  | { readonly nothing: true };

/** The reason with which the work of a cancelled operation is aborted. */
export class CancelledByCaller extends Error {
  override readonly name = "CancelledByCaller";
}

/** One long-running operation. */
export class Operation {
  readonly name: string;
  readonly sequence: number;
  /** Aborts when the operation is cancelled or the emulator closes. */
  readonly signal: AbortSignal;
  /** Resolves when the operation is done; never rejects. */
  readonly finished: Promise<void>;
  readonly #metadataType: string;
  readonly #timestamp: () => string;
  readonly #abort = new AbortController();
  readonly #createTime: string;
  #updateTime: string;
  #state: OperationState = "CREATED";
  #outcome: Outcome | undefined;
  #fruitless = false;
  #resolveFinished: () => void = () => undefined;

  constructor(fields: {
    readonly name: string;
    readonly sequence: number;
    readonly metadataType: string;
    readonly timestamp: () => string;
  }) {
    this.name = fields.name;
    this.sequence = fields.sequence;
    this.signal = this.#abort.signal;
    this.#metadataType = fields.metadataType;
    this.#timestamp = fields.timestamp;
    this.#createTime = fields.timestamp();
    this.#updateTime = this.#createTime;
    this.finished = new Promise((resolve) => {
      this.#resolveFinished = resolve;
    });
  }

  get state(): OperationState {
    return this.#state;
  }

  get done(): boolean {
    return this.#outcome !== undefined;
  }

  /** The work has begun. */
  start(): void {
    this.#state = "RUNNING";
    this.touch();
  }

  /** The work has come further: `updateTime` moves. */
  touch(): void {
    this.#updateTime = this.#timestamp();
  }

  /** The work has done none of its items, though it does not fail. */
  markFruitless(): void {
    this.#fruitless = true;
  }

  /** Ends with a result, an `Any` in proto3 JSON form. */
  succeed(response: PlainJson): void {
    this.#end("DONE", { response });
  }

  /** Ends with an error; the code OK ends with neither result nor error. */
  fail(status: ServiceStatus): void {
    const outcome =
      status.code === "OK" ? { nothing: true as const } : { error: statusToJson(status) };
    this.#end(status.code === "CANCELLED" ? "CANCELLED" : "DONE", outcome);
  }

  /** Asks the work to stop; the operation ends as cancelled once it has. Nothing happens to one that is done. */
  cancel(): void {
    if (!this.done) this.#abort.abort(new CancelledByCaller("the operation was cancelled"));
  }

  /** Stops the work without a word, because the emulator closes or forgets the operation. */
  abandon(reason: Error): void {
    this.#abort.abort(reason);
  }

  /** `google.longrunning.Operation` in proto3 JSON form; `done` is left out while it is running. */
  toJson(): PlainJson {
    const outcome = this.#outcome;
    return {
      name: this.name,
      metadata: operationMetadata(this.#metadataType, {
        state: this.#state,
        createTime: this.#createTime,
        updateTime: this.#updateTime,
        failed: this.#fruitless || (outcome !== undefined && !("response" in outcome)),
      }),
      ...(outcome === undefined ? {} : { done: true }),
      ...(outcome !== undefined && !("nothing" in outcome) && isPlainJson(outcome) ? outcome : {}),
    };
  }

  #end(state: OperationState, outcome: Outcome): void {
    if (this.done) return;
    this.#state = state;
    this.#outcome = outcome;
    this.touch();
    this.#resolveFinished();
  }
}

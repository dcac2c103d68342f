import type { VisionBatchClient } from "../../client.ts";
import { OperationCancelledError, SubmitError } from "../../errors/index.ts";
import type { CancelOutcome, OperationHandle } from "../../operations/index.ts";
import { loadServices } from "../../protocol/method-table.ts";
import type { AnnotateMethod } from "../../protocol/version-methods.ts";
import { UsageError } from "../usage-error.ts";
import { attemptPrefix, type Chunk } from "./job-plan.ts";
import { documentsRequest, imagesRequest, type JobFeatures } from "./job-request.ts";

/**
 * How far a chunk has come. `rejected` was not accepted; `unknown` may have been; `lost`: its
 * operation can no longer be read, though it may go on.
 */
export type ChunkState =
  | "planned"
  | "submitting"
  | "running"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "rejected"
  | "unknown"
  | "lost";

/** What the chunks of a job share. */
export interface JobContext extends JobFeatures {
  readonly client: VisionBatchClient;
  /** Ending in `/`. */
  readonly output: string;
  readonly runId: string;
  /** Waits before another try; false where the signal cut the wait short. */
  readonly pause: (delayMs: number, signal: AbortSignal) => Promise<boolean>;
  /** Called whenever the state of a chunk changes. */
  readonly onChange: (run: ChunkRun) => void;
}

/** Tries of a chunk that the service rejects for now, each under a prefix of its own. */
const maxAttempts = 4;
const firstRetryMs = 1000;

function methodOf({ kind }: Chunk): AnnotateMethod {
  return kind === "image" ? "asyncBatchAnnotateImages" : "asyncBatchAnnotateFiles";
}

/** One chunk on its way through the service. */
export class ChunkRun {
  readonly chunk: Chunk;
  readonly #context: JobContext;
  #state: ChunkState = "planned";
  #attempt = 1;
  #handle: OperationHandle | undefined;
  #error: Error | undefined;

  constructor(chunk: Chunk, context: JobContext) {
    this.chunk = chunk;
    this.#context = context;
  }

  get state(): ChunkState {
    return this.#state;
  }

  get handle(): OperationHandle | undefined {
    return this.#handle;
  }

  /** Why the chunk did not succeed. */
  get error(): Error | undefined {
    return this.#error;
  }

  /** Where the current attempt writes. */
  get prefix(): string {
    return attemptPrefix(this.#context, this.chunk.number, this.#attempt);
  }

  /** Whether the service has it or may have it. */
  get mayBeSubmitted(): boolean {
    return this.#state !== "planned" && this.#state !== "rejected";
  }

  /** Whether no connection to the service came about, which a submit waits for long enough. */
  get unreachable(): boolean {
    const { error } = this;
    return this.#state === "rejected" && error instanceof SubmitError && isUnreachable(error);
  }

  /** Checks the request without sending it. @throws InvalidRequestError, UsageError */
  async check(): Promise<void> {
    const { prepareRequest } = await import("../../requests/index.ts");
    const { version } = this.#context.client;
    const { ImageAnnotator } = await loadServices(version);
    if (ImageAnnotator.methods[methodOf(this.chunk)]?.path === undefined) {
      throw new UsageError(
        `${version} takes no ${this.chunk.kind}s in batches: use another --api-version`,
      );
    }
    if (this.chunk.kind === "image") {
      prepareRequest(version, "asyncBatchAnnotateImages", this.#imagesRequest());
    } else {
      prepareRequest(version, "asyncBatchAnnotateFiles", this.#documentsRequest());
    }
  }

  /**
   * Submits the chunk; what the service rejects for now, its quota being used up, is tried again
   * under another prefix, for it was surely not accepted. The signal stops further tries, never a call.
   */
  async submit(stop: AbortSignal): Promise<void> {
    for (;;) {
      if (stop.aborted) return;
      this.#become("submitting");
      try {
        this.#handle = await this.#send();
        this.#become("running");
        return;
      } catch (error) {
        if (!(error instanceof SubmitError)) {
          this.#become("rejected", error as Error);
          return;
        }
        this.#become(error.outcome, error);
        if (!this.#mayRetry(error)) return;
        if (!(await this.#context.pause(this.#retryDelayMs(error), stop))) return;
        this.#attempt++;
      }
    }
  }

  /** Follows the operation to its end, or until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    if (this.#handle === undefined) return;
    try {
      await this.#handle.wait({ signal });
      this.#become("succeeded");
    } catch (error) {
      if (signal.aborted) return;
      this.#fail(error as Error);
    }
  }

  /** Asks the service to cancel the operation; undefined where none is running. */
  async cancel(): Promise<CancelOutcome | undefined> {
    return this.#state === "running" ? this.#handle?.cancel() : undefined;
  }

  #fail(error: Error): void {
    if (error instanceof OperationCancelledError) this.#become("cancelled", error);
    else if ("operationName" in error && error.name !== "RpcError") this.#become("failed", error);
    else this.#become("lost", error);
  }

  #become(state: ChunkState, error?: Error): void {
    this.#state = state;
    this.#error = error;
    this.#context.onChange(this);
  }

  #send(): Promise<OperationHandle> {
    const { client } = this.#context;
    return this.chunk.kind === "image"
      ? client.asyncBatchAnnotateImages(this.#imagesRequest())
      : client.asyncBatchAnnotateFiles(this.#documentsRequest());
  }

  #imagesRequest(): ReturnType<typeof imagesRequest> {
    return imagesRequest(this.chunk, this.prefix, this.#context);
  }

  #documentsRequest(): ReturnType<typeof documentsRequest> {
    return documentsRequest(this.chunk, this.prefix, this.#context);
  }

  #mayRetry(error: SubmitError): boolean {
    const passes = error.code === "RESOURCE_EXHAUSTED";
    return error.outcome === "rejected" && passes && this.#attempt < maxAttempts;
  }

  #retryDelayMs({ retryDelayMs = 0 }: SubmitError): number {
    const backoff = firstRetryMs * 2 ** (this.#attempt - 1) * (0.5 + Math.random() / 2);
    return Math.max(retryDelayMs, backoff);
  }
}

function isUnreachable({ code }: SubmitError): boolean {
  return code === "UNAVAILABLE" || code === "DEADLINE_EXCEEDED";
}

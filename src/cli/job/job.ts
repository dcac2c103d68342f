import { mapAhead } from "../../results/map-ahead.ts";
import type { ResultSource } from "../../results/index.ts";
import type { JobInput } from "../inputs/input.ts";
import { ChunkRun, type ChunkState, type JobContext } from "./chunk-run.ts";
import { planChunks } from "./job-plan.ts";
import { resultSources } from "./job-request.ts";

/** Requests that are sent at a time. */
const submitConcurrency = 4;

/** Told what the service answered to the cancel of an operation: an outcome, or what went wrong. */
export type CancelListener = (operationName: string, outcome: string) => void;

/** A list of inputs on its way through the service. */
export class Job {
  readonly chunks: readonly ChunkRun[];
  readonly #stop = new AbortController();
  readonly #leave = new AbortController();
  readonly #onCancel: CancelListener;
  #cancelling = false;
  /** Why nothing more is submitted, where the service cannot be reached. */
  #unreachable: Error | undefined;

  constructor(
    inputs: readonly JobInput[],
    context: JobContext,
    onCancel: CancelListener = () => undefined,
  ) {
    this.#onCancel = onCancel;
    this.chunks = planChunks(inputs).map((chunk) => new ChunkRun(chunk, context));
  }

  /** Checks every request, so that nothing is sent where one is wrong. @throws InvalidRequestError */
  async check(): Promise<void> {
    for (const chunk of this.chunks) await chunk.check();
  }

  /** Submits every chunk and follows each to its end, or until the job is left. */
  async run(): Promise<void> {
    const followed: Promise<void>[] = [];
    for await (const chunk of this.#submitted()) followed.push(chunk.follow(this.#leave.signal));
    await Promise.all(followed);
  }

  /** Submits every chunk and follows none. */
  async submit(): Promise<void> {
    const submitted = this.#submitted()[Symbol.asyncIterator]();
    while ((await submitted.next()).done !== true);
  }

  /** Stops submitting and following; what runs goes on at the service. */
  leave(): void {
    this.#stop.abort();
    this.#leave.abort();
  }

  /**
   * Stops submitting and asks the service to cancel what runs, and what it accepts from now on. What
   * is cancelled is followed to its end; where the service does not cancel, the job is left.
   */
  async cancel(): Promise<void> {
    this.#stop.abort();
    this.#cancelling = true;
    await Promise.all(this.running.map((chunk) => this.#cancel(chunk)));
  }

  /** Chunks whose operations go on at the service, as far as is known. */
  get running(): readonly ChunkRun[] {
    return this.chunks.filter(({ state }) => state === "running");
  }

  /** Whether nothing is left to submit or follow. */
  get ended(): boolean {
    const open: readonly ChunkState[] = ["planned", "submitting", "running"];
    return this.chunks.every(({ state }) => !open.includes(state));
  }

  /** Whether a chunk was refused, or an operation failed or was lost. */
  get serviceFailed(): boolean {
    const failed: readonly ChunkState[] = ["rejected", "unknown", "failed", "lost"];
    return this.chunks.some(({ state }) => failed.includes(state));
  }

  /** Whether a chunk may go on at the service though it can no longer be followed. */
  get uncertain(): boolean {
    return this.chunks.some(({ state }) => state === "unknown" || state === "lost");
  }

  /** How many chunks are in each state. */
  get states(): Readonly<Partial<Record<ChunkState, number>>> {
    const counts: Partial<Record<ChunkState, number>> = {};
    for (const { state } of this.chunks) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  }

  /** Where the results are, and what was never sent. */
  get sources(): readonly ResultSource[] {
    return this.chunks.flatMap(({ chunk, mayBeSubmitted, prefix, error }) =>
      resultSources(chunk, mayBeSubmitted ? prefix : undefined, error ?? this.#unreachable),
    );
  }

  #submitted(): AsyncIterable<ChunkRun> {
    return mapAhead(
      () => this.chunks,
      { ahead: submitConcurrency },
      async (chunk) => {
        await chunk.submit(this.#stop.signal);
        // Its submit was under way when the job was cancelled.
        if (this.#cancelling) await this.#cancel(chunk);
        if (chunk.unreachable) {
          this.#unreachable = chunk.error;
          this.#stop.abort();
        }
        return chunk;
      },
    );
  }

  async #cancel(chunk: ChunkRun): Promise<void> {
    if (chunk.state !== "running") return;
    const outcome = await chunk.cancel().catch((error: unknown) => (error as Error).message);
    this.#onCancel(chunk.handle?.name ?? "", outcome ?? "alreadyDone");
    if (outcome !== "requested" && outcome !== "alreadyDone") this.#leave.abort();
  }
}

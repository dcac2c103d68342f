import { InvalidRequestError, VisionBatchError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { checkOutput, deleteOutput, runFolder } from "./output-check.ts";
import { checkSample } from "./check-sample.ts";
import type { InputStatus } from "./journal/chunk-record.ts";
import type { RunRecord } from "./journal/run-record.ts";
import type { ChunkSizes } from "./plan/chunk-sizes.ts";
import { planInputs } from "./plan/plan-inputs.ts";
import { TakenInputs } from "./plan/taken-inputs.ts";
import { estimatePlan, type RunPlan } from "./plan-estimate.ts";
import { retryInputs, type RetryResult } from "./retry-failed.ts";
import { Run } from "./run.ts";
import type { ListRunsOptions, PlanRequest, ResumeOptions, RunRequest } from "./run-request.ts";
import {
  flowLimitsOf,
  toRunOptions,
  toRunSettings,
  type RunOptions,
  type RunSettingsInit,
} from "./run-options.ts";
import type { RunsParts } from "./runs-parts.ts";

const idForm = /^[\w.-]{1,100}$/;
const listedAtOnce = 100;

/**
 * Runs in a journal: any number of images and files, annotated through crashes. Runs that are started
 * or resumed here are worked on here, until they are over or `close` is called; several processes may
 * work on the same ones.
 */
export class Runs<V extends ApiVersion = "v1"> implements AsyncDisposable {
  readonly #parts: RunsParts;
  readonly #onClose: () => Promise<void>;
  #closed: Promise<void> | undefined;

  /** @internal */
  constructor(parts: RunsParts, onClose: () => Promise<void>) {
    this.#parts = parts;
    this.#onClose = onClose;
  }

  /**
   * Plans a run and begins to work on it; resolves when all inputs are in the journal. Where a run of
   * this id is there with the same options and inputs, it goes on, unless it is paused.
   *
   * Before anything is submitted, the output is checked: its folder must be empty, and an empty object
   * is written there and deleted.
   * @throws RunConflictError where the run was planned otherwise; InvalidRequestError for options or
   * inputs that cannot be sent; StorageError for an output that cannot be used; JournalError; the signal's reason.
   */
  async start(request: RunRequest): Promise<Run<V>> {
    const { id, scope, signal, onPlanned, imagesPerChunk, filesPerChunk } = request;
    const { journal, service, clock } = this.#parts;
    checkId(id);
    const options = toRunOptions(service.version, request);
    const settings = toRunSettings(request);
    using taken = new TakenInputs(request.inputs);
    const { inputs } = taken;
    await checkSample(service, options);
    await this.#checkOutput(id, options.output, signal);
    const { run } = await planInputs(journal, {
      ...{ id, scope, options, settings, inputs, signal, imagesPerChunk, filesPerChunk },
      ...{ onProgress: onPlanned, now: () => clock.now() },
    });
    return this.#drive(run.state === "failed" ? await this.#goOn(run, request) : run);
  }

  /**
   * What `start` would do: nothing is written and nothing sent.
   * @throws InvalidRequestError for options or inputs that cannot be sent.
   */
  async plan(request: PlanRequest): Promise<RunPlan> {
    const { signal, imagesPerChunk, filesPerChunk } = request;
    const { service, prices } = this.#parts;
    const options = toRunOptions(service.version, request);
    using taken = new TakenInputs(request.inputs);
    await checkSample(service, options);
    const chunking = { what: "the run", signal, imagesPerChunk, filesPerChunk };
    const limits = flowLimitsOf(toRunSettings(request));
    return await estimatePlan(taken.inputs, { options, limits, prices, chunking }, request);
  }

  /**
   * Goes on with a run that was paused, has failed or was left by its process; with other settings
   * where they are given. What waits after failures is tried again at once, unless the service has asked
   * to wait; what may have been accepted is looked for when it would have been. One that is over stays so.
   * @throws VisionBatchError where there is none, or it was interrupted in its planning and no inputs are given.
   */
  async resume(id: string, options: ResumeOptions = {}): Promise<Run<V>> {
    using taken = options.inputs === undefined ? undefined : new TakenInputs(options.inputs);
    const run = await this.#find(id);
    if (run.state !== "planning") return this.#drive(await this.#goOn(run, options));
    const { signal } = options;
    if (taken === undefined) {
      throw new VisionBatchError(
        `run ${JSON.stringify(id)} was interrupted while it was planned: give its inputs again`,
      );
    }
    const { inputs } = taken;
    const { journal, clock } = this.#parts;
    // The sizes of chunks are kept beside the options.
    const { imagesPerChunk, filesPerChunk, ...planned } = run.options;
    const sizes = { imagesPerChunk, filesPerChunk } as ChunkSizes;
    await this.#checkOutput(id, String(planned["output"]), signal);
    const result = await planInputs(journal, {
      ...{ id, scope: run.scope, options: planned, inputs, signal },
      ...{ ...sizes, now: () => clock.now() },
    });
    return this.#drive(result.run);
  }

  /** A run; it is not worked on by this. */
  async get(id: string): Promise<Run<V> | undefined> {
    const run = await this.#parts.journal.findRun(id);
    return run === undefined ? undefined : new Run<V>(run, this.#parts);
  }

  /** The runs in the order in which they were created. */
  async *list({ states }: ListRunsOptions = {}): AsyncGenerator<Run<V>, void, void> {
    const selection = { limit: listedAtOnce, ...(states === undefined ? {} : { states }) };
    for (let after = 0; ;) {
      const page = await this.#parts.journal.listRuns({ ...selection, after });
      for (const run of page) {
        after = run.key;
        yield new Run<V>(run, this.#parts);
      }
      if (page.length < listedAtOnce) return;
    }
  }

  /**
   * Submits nothing more of a run for now; what was submitted goes on and is collected.
   * @throws VisionBatchError where it is not running.
   */
  async pause(id: string): Promise<Run<V>> {
    const run = await this.#find(id);
    if (run.state === "paused") return new Run<V>(run, this.#parts);
    const { journal, clock } = this.#parts;
    const change = { from: ["running"], to: "paused", nowMs: clock.now() } as const;
    const paused = await journal.changeRun(run.key, change);
    if (paused === undefined) {
      const { state } = await this.#find(id);
      throw new VisionBatchError(`run ${JSON.stringify(id)} is not running: it is ${state}`);
    }
    return this.#changed(paused);
  }

  /**
   * Submits nothing more of a run, asks the service to cancel what it has accepted, and works on the
   * run until all of it has ended, which `wait` of what it answers tells. What has a result keeps it.
   */
  async cancel(id: string): Promise<Run<V>> {
    const run = await this.#find(id);
    const { journal, clock } = this.#parts;
    const cancelled = await journal.cancelRun(run.key, clock.now());
    if (cancelled === undefined) return new Run<V>(await this.#find(id), this.#parts);
    return this.#drive(cancelled);
  }

  /**
   * Sends again what has no result: inputs that failed, are missing or were not submitted, or that have one
   * of the statuses that are given. They get new chunks; a run that was over runs again.
   */
  async retryFailed(
    id: string,
    options: { readonly statuses?: readonly Exclude<InputStatus, "retried">[] | undefined } = {},
  ): Promise<
    RetryResult & {
      /** The run, which goes on. */
      readonly run: Run<V>;
    }
  > {
    const before = await this.#find(id);
    const { journal, clock } = this.#parts;
    const now = (): number => clock.now();
    const result = await retryInputs(journal, before, { statuses: options.statuses, now });
    const run = await this.#find(id);
    return {
      ...result,
      run: result.chunks === 0 ? new Run<V>(run, this.#parts) : this.#drive(run),
    };
  }

  /**
   * Decides about a chunk whose submit may have been accepted: `resubmit` sends it again, which may be
   * billed twice; `fail` gives it up. Output that has appeared meanwhile is taken in any case.
   * @throws VisionBatchError where the chunk does not wait for a decision.
   */
  async decide(
    { id, chunk }: { readonly id: string; readonly chunk: number },
    decision: "resubmit" | "fail",
    { by }: { readonly by?: string | undefined } = {},
  ): Promise<Run<V>> {
    const run = await this.#find(id);
    const { journal, clock } = this.#parts;
    const how = { decision, nowMs: clock.now(), ...(by === undefined ? {} : { by }) };
    const place = { run: run.key, number: chunk };
    if (!(await journal.decide(place, how))) {
      const found = await journal.readChunk(place);
      const name = JSON.stringify(id);
      throw new VisionBatchError(
        found === undefined
          ? `run ${name} has no chunk ${chunk}`
          : `chunk ${chunk} of run ${name} is not one whose submit is of unknown fate: it is ${found.chunk.state}`,
      );
    }
    return this.#changed(run);
  }

  /**
   * Forgets a run that is over, paused or was never planned. With `objects` everything in its folder is
   * deleted first: what was staged for it and its results; never otherwise.
   * @throws VisionBatchError where it still runs.
   */
  async remove(
    id: string,
    { objects = false, signal }: { readonly objects?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<{
    /** Objects that were deleted. */
    readonly objects: number;
  }> {
    const run = await this.#find(id);
    const { journal, store } = this.#parts;
    if (run.state === "running" || run.state === "cancelling") {
      throw new VisionBatchError(`run ${JSON.stringify(id)} still runs: cancel it first`);
    }
    const { output } = run.options as unknown as RunOptions;
    const deleted = objects ? await deleteOutput(store, runFolder(output, run.id), signal) : 0;
    await journal.removeRun(run.key);
    return { objects: deleted };
  }

  /**
   * Stops working: what is being sent is answered and written, claims are given back, and the runs can
   * be resumed at once, here or elsewhere. Operations go on at the service. May be called again.
   */
  async close(): Promise<void> {
    this.#closed ??= this.#parts.worker.close().finally(this.#onClose);
    await this.#closed;
  }

  /** As {@link Runs.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #find(id: string): Promise<RunRecord> {
    const run = await this.#parts.journal.findRun(id);
    if (run === undefined) throw new VisionBatchError(`there is no run ${JSON.stringify(id)}`);
    return run;
  }

  /** Lets a run that was stopped run again, with its settings changed. */
  async #goOn(run: RunRecord, changes: RunSettingsInit): Promise<RunRecord> {
    const { journal, clock } = this.#parts;
    const settings = toRunSettings(changes, run.settings);
    const from = ["running", "paused", "failed"] as const;
    const change = { from, to: "running", nowMs: clock.now(), settings, retryNow: true } as const;
    return (await journal.changeRun(run.key, change)) ?? this.#find(run.id);
  }

  /** Before the first submit of a run; of one that was planned it is too late. */
  async #checkOutput(id: string, output: string, signal: AbortSignal | undefined): Promise<void> {
    const { journal, store } = this.#parts;
    const isNew = async (): Promise<boolean> => {
      const found = await journal.findRun(id);
      return found === undefined || found.state === "planning";
    };
    if (!(await isNew())) return;
    try {
      await checkOutput(store, runFolder(output, id), signal);
    } catch (error) {
      // Another process may have planned the run meanwhile: what is there is then its own.
      if (await isNew()) throw error;
    }
  }

  #drive(run: RunRecord): Run<V> {
    if (!this.#parts.drive) return new Run<V>(run, this.#parts);
    const { version } = run.options as unknown as RunOptions;
    if (version !== this.#parts.service.version) {
      throw new VisionBatchError(
        `run ${JSON.stringify(run.id)} is one of ${version}: use a client of that version`,
      );
    }
    this.#parts.worker.drive(run);
    return new Run<V>(run, this.#parts);
  }

  /** Lets the worker see what has changed, where it works on the run. */
  #changed(run: RunRecord): Run<V> {
    if (this.#parts.worker.drives(run.key)) this.#parts.worker.drive(run);
    return new Run<V>(run, this.#parts);
  }
}

function checkId(id: string): void {
  if (typeof id === "string" && idForm.test(id) && !/^\.+$/.test(id)) return;
  const message = "expected letters, digits, _, - and . (at most 100)";
  throw new InvalidRequestError("the run", [{ field: "id", value: id, message }]);
}

import { InvalidRequestError, RunConflictError } from "../../errors/index.ts";
import type { Journal } from "../journal/journal.ts";
import type { JsonData, RunRecord } from "../journal/run-record.ts";
import { chunkInputs } from "./chunk-inputs.ts";
import { resolveChunkSizes, type ChunkSizes } from "./chunk-sizes.ts";
import { compareOptions, toPlainData } from "./compare-options.ts";
import { PlanWriter, type PlanProgress } from "./plan-writer.ts";
import type { RunInputs } from "./run-input.ts";

/** What {@link planInputs} plans. */
export interface PlanRequest extends ChunkSizes {
  /** The public id of the run. */
  readonly id: string;
  /** See `NewRun.scope`. Default: empty. */
  readonly scope?: string | undefined;
  /** What is asked of the inputs, as JSON has it. Beside it, the sizes of the chunks are compared. */
  readonly options: JsonData;
  /** See `NewRun.settings`; of no account where the run is there. Default: none. */
  readonly settings?: JsonData | undefined;
  readonly inputs: RunInputs;
  readonly signal?: AbortSignal | undefined;
  /** Told after every write how far the plan has come. */
  readonly onProgress?: ((progress: PlanProgress) => void) | undefined;
  /** Milliseconds of the epoch. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** What came of a plan. */
export interface PlanResult {
  readonly run: RunRecord;
  /** `new`; `continued`: an earlier process had begun it; `same`: it was planned before, as it is given now. */
  readonly plan: "new" | "continued" | "same";
}

/**
 * Writes the inputs of a run into a journal, chunk by chunk as they come, and lets the run run. Memory does
 * not grow with the inputs. Where a run of this id is there, its options and inputs are compared: a plan
 * that was interrupted is continued, one that is whole is left as it is. Inputs that cannot be sent
 * refuse the plan, and a run that was new is removed; after an abort, or an error of the inputs
 * themselves, it stays in `planning` and can be continued.
 * @throws {@link RunConflictError}, InvalidRequestError with the numbers of the inputs, JournalError,
 * RangeError for a chunk size, and the signal's reason.
 */
export async function planInputs(journal: Journal, request: PlanRequest): Promise<PlanResult> {
  request.signal?.throwIfAborted();
  const { created, run } = await createRun(journal, request);
  try {
    const planned = await writePlan(journal, request, run);
    const plan = created ? "new" : run.state === "planning" ? "continued" : "same";
    return { run: planned, plan };
  } catch (error) {
    if (created && error instanceof InvalidRequestError) await journal.removeRun(run.key);
    throw error;
  }
}

async function createRun(
  journal: Journal,
  request: PlanRequest,
): Promise<{ readonly created: boolean; readonly run: RunRecord }> {
  const { id, scope = "", settings = {}, now = Date.now } = request;
  const options = toPlainData({ ...request.options, ...resolveChunkSizes(request) });
  const found = await journal.createRun({ id, scope, options, settings, nowMs: now() });
  if (found.created) return found;
  const differences = compareOptions(found.run.options, options);
  if (differences.length > 0) throw new RunConflictError(id, differences);
  return found;
}

async function writePlan(
  journal: Journal,
  request: PlanRequest,
  run: RunRecord,
): Promise<RunRecord> {
  const { id, inputs, signal, onProgress, now = Date.now } = request;
  const writer = new PlanWriter(journal, run, now);
  const what = `run ${JSON.stringify(id)}`;
  const sizes = resolveChunkSizes(request);
  for await (const chunk of chunkInputs(inputs, { ...sizes, what, signal })) {
    if (await writer.add(chunk)) onProgress?.(writer.progress);
  }
  const planned = await writer.finish();
  onProgress?.(writer.progress);
  return planned;
}

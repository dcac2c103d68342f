import type { Run, RunFeature, RunPace, RunSnapshot } from "../runs/index.ts";
import type {
  ChunkEntry,
  LimitsData,
  RunAction,
  RunDetail,
  RunEntry,
  RunOptionsData,
} from "./dashboard-data.ts";
import { toErrorData } from "./error-data.ts";
import type { RunTrail } from "./event-data.ts";

/** What is known of a run from one look to the next. */
export interface SeenRun {
  readonly run: Run;
  readonly snapshot: RunSnapshot;
  /** Inputs a second, as they were seen to come to their end. */
  readonly perSecond: number | undefined;
  readonly readOnly: boolean;
}

/** Inputs that are submitted and not at their end. */
export function inProcessing({ openInputs }: RunSnapshot): number {
  return openInputs.submitting + openInputs.running + openInputs.unknown;
}

/** Those of them that take room: the service has ended what people are asked about, or never had it. */
function takingRoom(snapshot: RunSnapshot): number {
  const { chunks, undecided, openInputs } = snapshot;
  return inProcessing(snapshot) - (chunks.unknown === undecided ? openInputs.unknown : 0);
}

/** Submits that were made. */
export function submitsOf({ submits }: RunSnapshot): number {
  return submits.accepted + submits.rejected + submits.unknown + submits.pending;
}

/** A run as it is shown in the list. */
export function toRunEntry({ run, snapshot, perSecond, readOnly }: SeenRun): RunEntry {
  const { id, state, createdMs, inputs, chunks, units, cost, perhapsCost } = snapshot;
  const { undecided, error, problem, workers } = snapshot;
  return {
    ...{ id, state, createdMs, changedMs: run.changedMs, inputs, chunks, units, undecided },
    ...{ cost, perhapsCost, workers: workers.length },
    ...(perSecond === undefined ? {} : { inputsPerSecond: perSecond }),
    ...(perSecond === undefined || perSecond === 0 || isLeftToPeople(snapshot)
      ? {}
      : { timeLeftMs: Math.round((inputs.open * 1000) / perSecond) }),
    ...(error === undefined ? {} : { error: toErrorData(error) }),
    ...(problem === undefined
      ? {}
      : { problem: { sinceMs: problem.sinceMs, error: toErrorData(problem.error) } }),
    actions: readOnly ? [] : actionsOf(snapshot),
  };
}

/** Whether nothing is left, or nothing but what waits for decisions: nobody knows how long. */
function isLeftToPeople({ inputs, openInputs, chunks, undecided }: RunSnapshot): boolean {
  return inputs.open === openInputs.unknown && chunks.unknown === undecided;
}

function actionsOf({ state, inputs }: RunSnapshot): readonly RunAction[] {
  const lacking = inputs.failed + inputs.missing + inputs.notSubmitted;
  const canRetry = lacking > 0 && state !== "planning" && state !== "cancelling";
  return [
    ...(state === "running" ? (["pause"] as const) : []),
    ...(state === "paused" || state === "failed" ? (["resume"] as const) : []),
    ...(canRetry ? (["retry"] as const) : []),
    ...(["planning", "running", "paused", "failed"].includes(state) ? (["cancel"] as const) : []),
  ];
}

/** What a detail is made of beside its entry. */
export interface DetailParts {
  readonly run: Run;
  readonly snapshot: RunSnapshot;
  readonly limits: LimitsData;
  readonly troubled: readonly ChunkEntry[];
  readonly trail: RunTrail;
}

/** A run as it is shown by itself. */
export function toRunDetail(entry: RunEntry, parts: DetailParts): RunDetail {
  const { run, snapshot, limits, troubled, trail } = parts;
  const { atMs, submits, retries, rounds, polls, undelivered, workers } = snapshot;
  return {
    ...entry,
    ...{ atMs, options: toOptions(run), limits, planned: run.planned },
    ...{ submits, retries, rounds, polls, claims: workers, troubled },
    ...(undelivered === undefined ? {} : { undelivered }),
    ...{ errors: trail.errors, events: trail.events },
  };
}

/** As `openRuns` has written them. */
interface KeptOptions {
  readonly version: string;
  readonly output: string;
  readonly features: readonly Exclude<RunFeature, string>[];
  readonly imageContext?: object;
  readonly batchSize?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

function toOptions({ options, settings }: Run): RunOptionsData {
  const kept = options as unknown as KeptOptions;
  const { version, output, batchSize, labels, imageContext } = kept;
  const { onUnknownSubmit = "wait", priority = 0 } = settings as Partial<
    Pick<RunOptionsData, "onUnknownSubmit" | "priority">
  >;
  return {
    ...{ version, output, onUnknownSubmit, priority },
    features: kept.features.map(({ type, maxResults, model }) => ({
      type,
      ...(maxResults === undefined ? {} : { maxResults }),
      ...(model === undefined ? {} : { model }),
    })),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(labels === undefined ? {} : { labels }),
    ...(imageContext === undefined ? {} : { imageContext: JSON.stringify(imageContext) }),
  };
}

/** What of the limits is in use, by all runs of the scope. */
export function toLimits(
  { scope, limits, rate, notBeforeMs }: RunPace,
  use: {
    readonly sharing: readonly Pick<SeenRun, "run" | "snapshot">[];
    readonly submitsPerMinute: number | undefined;
  },
): LimitsData {
  const { sharing, submitsPerMinute } = use;
  let [images, files, isMixed] = [0, 0, false];
  for (const { run, snapshot } of sharing) {
    const inputs = takingRoom(snapshot);
    const { planned } = run;
    if (inputs > 0 && planned.image > 0 && planned.file > 0) isMixed = true;
    if (planned.image > 0) images += inputs;
    else files += inputs;
  }
  const inputs = sharing.reduce((sum, { snapshot }) => sum + takingRoom(snapshot), 0);
  return {
    ...{ scope, ...limits, rate, inputsInProcessing: inputs },
    ...(isMixed ? {} : { imagesInProcessing: images, filesInProcessing: files }),
    ...(submitsPerMinute === undefined ? {} : { submitsPerMinute }),
    ...(notBeforeMs === 0 ? {} : { notBeforeMs }),
  };
}

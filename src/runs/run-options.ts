import { VisionBatchError } from "../errors/index.ts";
import { imagesInProcessing, requestsPerMinute } from "../protocol/limits.ts";
import type { FeatureName } from "../protocol/message-init.ts";
import type { RequestOf } from "../protocol/version-methods.ts";
import type { FlowLimits } from "./journal/flow-record.ts";
import type { JsonData } from "./journal/run-record.ts";
import { toPlainData } from "./plan/compare-options.ts";
import { defaultStepPolicy, type OnUnknownSubmit, type StepPolicy } from "./steps/index.ts";

type OneImage = Exclude<RequestOf<"v1", "asyncBatchAnnotateImages">["requests"], undefined>[number];

/** A feature to look for: its name, or that with how many results are wanted and by which model. */
export type RunFeature =
  | FeatureName
  | {
      /** The name of the feature. */
      readonly type: FeatureName;
      /** Results at most; text and safe search know no limit. Default: the service's. */
      readonly maxResults?: number | undefined;
      /** `builtin/stable` or `builtin/latest`. Default: the first. */
      readonly model?: string | undefined;
    };

/** The hints that go with every input. */
export type RunImageContext = Exclude<OneImage["imageContext"], undefined>;

/** What is asked of every input of a run; the same run id with other options is refused. */
export interface RunOptionsInit {
  /** What to look for. */
  readonly features: readonly RunFeature[];
  /** Hints for every input. Default: none. */
  readonly imageContext?: RunImageContext | undefined;
  /** Where everything is written, below a folder of the run's id: `gs://bucket/prefix/`. A slash is added where it has none. */
  readonly output: string;
  /** Responses in one shard, 1 to 100. Default: the service's, 20. */
  readonly batchSize?: number | undefined;
  /** Labels of the requests, for billing reports; v1 only. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** The limits that all runs of a scope share; the last run that is told of others sets them for its own submits. */
export interface RunLimits {
  /** Images in processing at a time. Default 8,000, above which the service queues. */
  readonly maxImagesInProcessing?: number | undefined;
  /** Files in processing at a time; their pages are not known before they are read. Default 400. */
  readonly maxFilesInProcessing?: number | undefined;
  /** Submits a minute, spread evenly. Default 1,800, the quota of a project. */
  readonly requestsPerMinute?: number | undefined;
}

/** What may be changed when a run is resumed. */
export interface RunSettingsInit {
  /** How much may be under way at a time. Default: what a project may. */
  readonly limits?: RunLimits | undefined;
  /**
   * What becomes of a chunk whose submit may or may not have been accepted, once nothing more can be found
   * out: `wait` until a person decides, `fail`, or `resubmit`, which may be billed twice. Default `wait`.
   */
  readonly onUnknownSubmit?: OnUnknownSubmit | undefined;
  /** How long the output of such a submit is looked for, in milliseconds. Default 24 hours. */
  readonly quarantineMs?: number | undefined;
  /** How long shards that are missing after an operation has ended are waited for, in milliseconds. Default 1 minute. */
  readonly graceMs?: number | undefined;
  /** The same for output that was found without its operation, which tells nobody when it is complete. Default 1 hour. */
  readonly adoptedGraceMs?: number | undefined;
  /** Where workers share the limits of a scope: runs of a higher priority are submitted before all others. Default 0. */
  readonly priority?: number | undefined;
}

/** What is asked of every input, as a journal keeps it. */
export interface RunOptions {
  /** The version of the API. */
  readonly version: string;
  /** Ends in a slash. */
  readonly output: string;
  readonly features: readonly JsonData[];
  readonly imageContext?: JsonData;
  readonly batchSize?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What may change, as a journal keeps it: what is absent has its default. */
export type RunSettings = RunSettingsInit;

/** Options as they are kept; what they ask for is checked with the first request. @throws VisionBatchError */
export function toRunOptions(version: string, init: RunOptionsInit): RunOptions & JsonData {
  const { output, features, imageContext, batchSize, labels } = init;
  // Plain JavaScript may pass anything.
  if (typeof (output as unknown) !== "string") {
    throw new VisionBatchError("a run needs the option output: gs://bucket/prefix/");
  }
  if (!((features as unknown) instanceof Array) || features.length === 0) {
    throw new VisionBatchError('a run needs the option features, e.g. ["TEXT_DETECTION"]');
  }
  const options = {
    version,
    output: output.endsWith("/") ? output : `${output}/`,
    features: features.map((feature) =>
      typeof feature === "string" ? { type: feature } : feature,
    ),
    ...{ imageContext, batchSize, labels },
  };
  return toPlainData(options) as unknown as RunOptions & JsonData;
}

const settingNames = [
  "limits",
  "onUnknownSubmit",
  "quarantineMs",
  "graceMs",
  "adoptedGraceMs",
  "priority",
] as const satisfies readonly (keyof RunSettingsInit)[];

/** Settings as they are kept: given ones over those of before. @throws VisionBatchError for a value that is none. */
export function toRunSettings(init: RunSettingsInit, before: JsonData = {}): JsonData {
  const given = Object.fromEntries(settingNames.map((name) => [name, init[name]]));
  const settings = toPlainData({ ...before, ...toPlainData(given) });
  const { limits, onUnknownSubmit, quarantineMs, graceMs, adoptedGraceMs, priority } =
    settings as RunSettings;
  const numbers = Object.entries({
    ...limits,
    ...{ quarantineMs, graceMs, adoptedGraceMs, priority },
  });
  for (const [name, value] of numbers) {
    if (value === undefined || (typeof value === "number" && value >= 0)) continue;
    throw new VisionBatchError(`${name} must be a number of at least 0, got ${String(value)}`);
  }
  if (limits?.requestsPerMinute === 0) {
    throw new VisionBatchError("requestsPerMinute must be more than 0: pause the run in its place");
  }
  const choices: readonly unknown[] = [undefined, "wait", "fail", "resubmit"];
  if (choices.includes(onUnknownSubmit)) return settings;
  throw new VisionBatchError(
    `onUnknownSubmit must be wait, fail or resubmit, got ${String(onUnknownSubmit)}`,
  );
}

/** What the steps of a run go by. */
export function stepPolicyOf(settings: JsonData): StepPolicy {
  const { onUnknownSubmit, quarantineMs, graceMs, adoptedGraceMs } = settings as RunSettings;
  const given = toPlainData({ onUnknownSubmit, quarantineMs, graceMs, adoptedGraceMs });
  return { ...defaultStepPolicy, ...given };
}

const defaultFilesInProcessing = 400;

/** The limits of a run's submits. */
export function flowLimitsOf(settings: JsonData): FlowLimits {
  const { limits = {}, quarantineMs } = settings as RunSettings;
  return {
    maxImagesInProcessing: limits.maxImagesInProcessing ?? imagesInProcessing,
    maxFilesInProcessing: limits.maxFilesInProcessing ?? defaultFilesInProcessing,
    requestsPerMinute: limits.requestsPerMinute ?? requestsPerMinute,
    unknownHoldMs: Math.min(unknownHoldMs, quarantineMs ?? unknownHoldMs),
  };
}

/** An operation of 2,000 images that nobody follows has ended by then. */
const unknownHoldMs = 3_600_000;

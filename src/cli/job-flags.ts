import type { ApiVersion } from "../protocol/api-version.ts";
import { featuresOfVersion } from "../protocol/features.ts";
import { batchSizeRange } from "../protocol/limits.ts";
import type { FeatureName } from "../protocol/message-init.ts";
import { nearestName } from "../requests/nearest-name.ts";
import { bucketNameProblem, parseGsUri } from "../storage/index.ts";
import type { ConnectionFlags } from "./connection.ts";
import type { RunOptionsInit } from "../runs/index.ts";
import type { InputFlags } from "./inputs/gather-inputs.ts";
import { UsageError } from "./usage-error.ts";

/** The options of `annotate`, `submit`, `runs start` and `runs plan`, as they are given. */
export interface JobFlags extends ConnectionFlags, InputFlags {
  readonly features: string;
  readonly output: string;
  readonly languageHints?: string;
  readonly batchSize?: string;
  readonly label?: readonly string[];
  readonly runId?: string;
  readonly quiet?: boolean;
}

/** The options of a job, read and checked. */
export interface JobSettings {
  /** What is asked of every input; the output ends in `/`. */
  readonly options: RunOptionsInit;
  /** The folder of this run below the output. */
  readonly runId: string;
}

/** Reads the options of a job. @throws {@link UsageError} */
export function parseJobFlags(flags: JobFlags): JobSettings {
  const { languageHints = "", label = [] } = flags;
  const hints = split(languageHints);
  const options = {
    output: parseOutput(flags.output),
    features: parseFeatures(flags),
    imageContext: hints.length === 0 ? undefined : { languageHints: hints },
    batchSize: parseBatchSize(flags.batchSize),
    labels: label.length === 0 ? undefined : Object.fromEntries(label.map(parseLabel)),
  };
  return { options, runId: parseRunId(flags.runId) };
}

/** The output is a folder: a slash is added where it has none. */
function parseOutput(output: string): string {
  if (!output.startsWith("gs://")) {
    throw new UsageError(`--output ${output}: expected gs://bucket/prefix/`);
  }
  const { bucket } = parseGsUri(`${output}/`);
  const problem = bucketNameProblem(bucket);
  if (problem !== undefined) throw new UsageError(`--output ${output}: ${problem}`);
  return output.endsWith("/") ? output : `${output}/`;
}

function parseRunId(runId: string | undefined): string {
  if (runId === undefined) return newRunId(new Date());
  if (/^[\w.-]{1,100}$/.test(runId) && !/^\.+$/.test(runId)) return runId;
  throw new UsageError(`--run-id ${runId}: expected letters, digits, _, - and . (at most 100)`);
}

/** e.g. `20260131-235959-1f3a9c`: sorts by time; the end keeps runs of one second apart. */
function newRunId(now: Date): string {
  const time = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${time}-${crypto.randomUUID().slice(0, 6)}`;
}

function parseFeatures({ features, apiVersion }: JobFlags): RunOptionsInit["features"] {
  const entries = split(features);
  if (entries.length === 0) throw new UsageError("--features: name at least one feature");
  return entries.map((entry) => parseFeature(entry, apiVersion));
}

function parseFeature(entry: string, version: ApiVersion): RunOptionsInit["features"][number] {
  const [given = "", limit, ...rest] = entry.split(":");
  const type = given.toUpperCase().replaceAll("-", "_") as FeatureName;
  const known = featuresOfVersion[version];
  if (!known.includes(type)) {
    const nearest = nearestName(given, known);
    const hint = nearest === undefined ? `one of ${known.join(", ")}` : `did you mean ${nearest}?`;
    throw new UsageError(`--features: ${given} is not a feature of ${version}; ${hint}`);
  }
  if (limit === undefined) return { type };
  const maxResults = Number(limit);
  if (rest.length > 0 || !/^\d{1,9}$/.test(limit) || maxResults === 0) {
    throw new UsageError(`--features: ${entry}: expected ${type}:MAX_RESULTS`);
  }
  return { type, maxResults };
}

function parseBatchSize(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const { min, max } = batchSizeRange;
  const size = Number(given);
  if (Number.isInteger(size) && size >= min && size <= max) return size;
  throw new UsageError(`--batch-size ${given}: expected a whole number from ${min} to ${max}`);
}

function parseLabel(entry: string): readonly [string, string] {
  const equals = entry.indexOf("=");
  if (equals < 1) throw new UsageError(`--label ${entry}: expected KEY=VALUE`);
  return [entry.slice(0, equals), entry.slice(equals + 1)];
}

function split(list: string): string[] {
  return list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

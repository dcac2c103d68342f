import { batchSizeRange } from "../protocol/limits.ts";
import type { FeatureName } from "../protocol/message-init.ts";
import type { FlowLimits } from "./journal/flow-record.ts";
import type { ChunkKind } from "./journal/run-record.ts";
import { chunkInputs, type ChunkInputsOptions } from "./plan/chunk-inputs.ts";
import type { RunInputs } from "./plan/run-input.ts";
import { costOf, type Cost, type PriceTable } from "./prices.ts";
import type { RunOptions } from "./run-options.ts";

/** What is assumed where nothing tells before the run. */
export interface PlanAssumptions {
  /** Pages of a file. Default: not known, so that their shards and cost are left out. */
  readonly pagesPerFile?: number | undefined;
  /** How long an operation takes, in milliseconds. Default: not known; the time is then that of the submits alone. */
  readonly operationMs?: number | undefined;
  /** Units of each feature that were billed in this month before. Default 0. */
  readonly unitsBefore?: number | undefined;
}

/** What a run would do; nothing was written or sent for it. */
export interface RunPlan {
  /** All inputs. */
  readonly inputs: number;
  /** Those that are images. */
  readonly images: number;
  /** Those that are files. */
  readonly files: number;
  /** Requests, each of which starts one operation. */
  readonly requests: number;
  /** Objects that the service writes, where `pagesPerFile` is given or there are no files; else those of the images. */
  readonly shards: number;
  /** The least time under the limits, in milliseconds. */
  readonly atLeastMs: number;
  /** What is billed at the price table. */
  readonly cost: Cost & {
    /** Pages of the files, as they are assumed; undefined where nothing was. */
    readonly pages: number | undefined;
  };
}

interface EstimateParts {
  readonly options: RunOptions;
  readonly limits: FlowLimits;
  readonly prices: PriceTable;
  readonly chunking: ChunkInputsOptions;
}

/** Counts what a run would do, going through its inputs once. @throws InvalidRequestError for inputs that cannot be sent */
export async function estimatePlan(
  inputs: RunInputs,
  { options, limits, prices, chunking }: EstimateParts,
  assumed: PlanAssumptions,
): Promise<RunPlan> {
  const batchSize = options.batchSize ?? batchSizeRange.default;
  const { pagesPerFile, operationMs = 0, unitsBefore = 0 } = assumed;
  const sums = { image: { chunks: 0, inputs: 0 }, file: { chunks: 0, inputs: 0 } };
  let imageShards = 0;
  for await (const { kind, size } of chunkInputs(inputs, chunking)) {
    sums[kind].chunks++;
    sums[kind].inputs += size;
    if (kind === "image") imageShards += Math.ceil(size / batchSize);
  }
  const { image, file } = sums;
  const fileShards = file.inputs * Math.ceil((pagesPerFile ?? 0) / batchSize);
  const pages = file.inputs === 0 ? 0 : pagesPerFile && pagesPerFile * file.inputs;
  const names = options.features.map(({ type }) => type as FeatureName);
  const waves = Math.max(
    wavesOf("image", image.inputs, limits),
    wavesOf("file", file.inputs, limits),
  );
  const requests = image.chunks + file.chunks;
  return {
    ...{ inputs: image.inputs + file.inputs, images: image.inputs, files: file.inputs, requests },
    shards: imageShards + fileShards,
    atLeastMs: Math.max((requests / limits.requestsPerMinute) * 60_000, waves * operationMs),
    cost: { ...costOf(image.inputs + (pages ?? 0), names, { prices, unitsBefore }), pages },
  };
}

/** How often as much as may be in processing at a time is. */
function wavesOf(kind: ChunkKind, inputs: number, limits: FlowLimits): number {
  const max = kind === "image" ? limits.maxImagesInProcessing : limits.maxFilesInProcessing;
  return Math.ceil(inputs / Math.max(1, max));
}

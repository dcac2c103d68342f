import { mapAhead } from "../../results/map-ahead.ts";
import type { RunInputObject } from "../../runs/index.ts";
import { detectFile, detectObject, type DetectedKind } from "./detect-kind.ts";
import type { FoundInput } from "./input.ts";
import { stagedUri, stageFile, type StageContext } from "./stage-input.ts";

/** How images and documents are told apart: by content, by name, or not at all. */
export type KindSource = "content" | "name" | "images";

/** Options of {@link prepareInputs}. */
export interface PrepareOptions extends StageContext {
  readonly kindBy: KindSource;
  /** Whether local files are put into the bucket; else their URIs only stand for those that they would have. */
  readonly stage: boolean;
}

/** Files that are looked at and uploaded at a time. */
const concurrency = 16;

/**
 * Tells images and documents apart and puts local files into the bucket, in the order in which they
 * are found and as they are asked for. What the user calls an input goes along as its `customId`.
 */
export function prepareInputs(
  find: (signal: AbortSignal) => AsyncIterable<FoundInput>,
  options: PrepareOptions,
): AsyncGenerator<RunInputObject, void, undefined> {
  const ahead = { ahead: concurrency, signal: options.signal };
  return mapAhead(find, ahead, (input, signal) => prepare(input, { ...options, signal }));
}

async function prepare(
  { given, source }: FoundInput,
  options: PrepareOptions,
): Promise<RunInputObject> {
  if (source.type === "object") {
    const { uri } = source;
    const detect = (): Promise<DetectedKind> => detectObject(options.store, uri, options.signal);
    return { uri, ...(await kindOf(options.kindBy, detect)) };
  }
  const { path } = source;
  const kind = await kindOf(options.kindBy, () => detectFile(path));
  const uri = options.stage ? await stageFile(path, options) : stagedUri(path, options);
  return { uri, customId: given, ...kind };
}

async function kindOf(
  by: KindSource,
  detect: () => Promise<DetectedKind>,
): Promise<Pick<RunInputObject, "kind" | "mimeType">> {
  if (by === "name") return {};
  if (by === "images") return { kind: "image" };
  const { kind, mimeType } = await detect();
  return kind === "image" ? { kind } : { kind: "file", mimeType };
}

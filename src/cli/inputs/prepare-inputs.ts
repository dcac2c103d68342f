import { mapAhead } from "../../results/map-ahead.ts";
import type { ProgressState } from "../render/progress.ts";
import { detectFile, detectObject, type DetectedKind } from "./detect-kind.ts";
import type { FoundInput, JobInput } from "./input.ts";
import { stageFile, type StageContext } from "./stage-input.ts";

/** Options of {@link prepareInputs}. */
export interface PrepareOptions extends StageContext {
  /** Whether every input is an image, so that none needs to be looked at; else its content tells. */
  readonly imagesOnly: boolean;
  readonly onProgress: (state: ProgressState) => void;
}

/** Files that are looked at and uploaded at a time. */
const concurrency = 16;

/** Tells images and documents apart and puts local files into the bucket, keeping the order. */
export async function prepareInputs(
  found: readonly FoundInput[],
  options: PrepareOptions,
): Promise<readonly JobInput[]> {
  const inputs: JobInput[] = [];
  const report = (): void => {
    const counts = { done: inputs.length, total: found.length, unit: "inputs" };
    options.onProgress({ phase: "preparing", ...counts });
  };
  const ahead = { ahead: concurrency, signal: options.signal };
  const entries = found.map((input, index) => ({ input, index }));
  report();
  const prepared = mapAhead(
    () => entries,
    ahead,
    async ({ input, index }, signal) => {
      const { uri, kind, mimeType } = await prepare(input, { ...options, signal });
      const place = { index, given: input.given, uri, kind };
      return mimeType === undefined ? place : { ...place, mimeType };
    },
  );
  for await (const input of prepared) {
    inputs.push(input);
    report();
  }
  return inputs;
}

async function prepare(
  { source }: FoundInput,
  options: PrepareOptions,
): Promise<DetectedKind & { readonly uri: string }> {
  const { store, signal, imagesOnly } = options;
  if (source.type === "object") {
    const kind = imagesOnly ? imageKind : await detectObject(store, source.uri, signal);
    return { uri: source.uri, ...kind };
  }
  const kind = imagesOnly ? imageKind : await detectFile(source.path);
  return { uri: await stageFile(source.path, options), ...kind };
}

const imageKind: DetectedKind = { kind: "image" };

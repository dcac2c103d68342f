import { createHash } from "node:crypto";
import type { InputList } from "../../results/input-list.ts";
import type { ChunkKind, JsonData } from "../journal/run-record.ts";
import type { PlannedInput } from "../plan/run-input.ts";
import type { RunOptions } from "../run-options.ts";
import type { SubmitMethod } from "./run-service.ts";

/** A chunk as it is sent. */
export interface ChunkRequest {
  readonly method: SubmitMethod;
  readonly request: JsonData;
}

/** Where an attempt of a chunk writes: `<output><run id>/<chunk, 6 digits>/<attempt>/`, its own for each attempt. */
export function attemptPrefix(
  { output, id }: { readonly output: string; readonly id: string },
  chunk: number,
  attempt: number,
): string {
  return `${output}${id}/${String(chunk).padStart(6, "0")}/${attempt}/`;
}

/** Where the results of a file are written: the service numbers shards per file. */
export function filePrefix(prefix: string, position: number): string {
  return `${prefix}${position}/`;
}

/** The request that sends inputs of one kind. */
export function chunkRequest(
  kind: ChunkKind,
  inputs: InputList<PlannedInput>,
  { prefix, options }: { readonly prefix: string; readonly options: RunOptions },
): ChunkRequest {
  const { features, imageContext, batchSize = 0, labels } = options;
  const asked = imageContext === undefined ? { features } : { features, imageContext };
  const outputConfig = (uri: string) => ({ gcsDestination: { uri }, batchSize });
  const envelope = labels === undefined ? {} : { labels };
  if (kind === "image") {
    const requests = eachOf(inputs, ({ uri }) => ({
      image: { source: { imageUri: uri } },
      ...asked,
    }));
    const request = { requests, outputConfig: outputConfig(prefix), ...envelope };
    return { method: "asyncBatchAnnotateImages", request };
  }
  const requests = eachOf(inputs, ({ uri, mimeType = "" }, position) => ({
    inputConfig: { gcsSource: { uri }, mimeType },
    ...asked,
    outputConfig: outputConfig(filePrefix(prefix, position)),
  }));
  return { method: "asyncBatchAnnotateFiles", request: { requests, ...envelope } };
}

function eachOf<T>(
  inputs: InputList<PlannedInput>,
  make: (input: PlannedInput, position: number) => T,
): T[] {
  const made: T[] = [];
  for (let position = 0; position < inputs.length; position++) {
    const input = inputs.at(position);
    if (input !== undefined) made.push(make(input, position));
  }
  return made;
}

/** A digest of what an attempt sends: of its options, its prefix and the inputs as they are kept. */
export function requestFingerprint(
  block: Uint8Array,
  sent: { readonly kind: ChunkKind; readonly prefix: string; readonly options: RunOptions },
): string {
  return createHash("sha256").update(JSON.stringify(sent)).update(block).digest("hex");
}

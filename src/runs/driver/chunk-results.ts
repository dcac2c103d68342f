import type { ApiVersion } from "../../protocol/api-version.ts";
import { BatchReader } from "../../results/read-results.ts";
import type { ResultRecord, ResultSource } from "../../results/index.ts";
import type { InputList } from "../../results/input-list.ts";
import type { PlacedInput } from "../../results/result-source.ts";
import type { ObjectStore } from "../../storage/index.ts";
import type { ChunkKind } from "../journal/run-record.ts";
import type { PlannedInput } from "../plan/run-input.ts";
import { filePrefix } from "./chunk-request.ts";

/** Where the results of a chunk are and how they are read. */
export interface ChunkSource {
  readonly store: ObjectStore;
  readonly version: ApiVersion;
  readonly kind: ChunkKind;
  readonly inputs: InputList<PlannedInput>;
  /** That of the attempt; absent where the chunk was never submitted. */
  readonly prefix?: string | undefined;
  /** Why inputs may be missing. */
  readonly error?: Error | undefined;
  /** Default: everything. */
  readonly readMask?: string | readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A record of a run's results. */
export type RunResultRecord<V extends ApiVersion = "v1"> = ResultRecord<V> & {
  /** What the caller named the input. */
  readonly customId?: string;
};

/** Reads the results of a chunk; the index of a record is the input's place in the chunk. */
export function readChunk<V extends ApiVersion>(source: ChunkSource): BatchReader<V> {
  const { store, kind, inputs, prefix, error, readMask, signal } = source;
  const version = source.version as V;
  const sources =
    kind === "image" || prefix === undefined
      ? [{ prefix, inputs: inPlace(inputs), error }]
      : Array.from({ length: inputs.length }, (_, index): ResultSource => {
          const { uri = "" } = inputs.at(index) ?? {};
          return { prefix: filePrefix(prefix, index), inputs: [uri], error };
        });
  return new BatchReader<V>(store, sources, { version, readMask, signal });
}

/** The inputs at their places in the chunk. */
function inPlace(inputs: InputList<PlannedInput>): InputList<PlacedInput> {
  return {
    length: inputs.length,
    at: (index) => {
      const input = inputs.at(index);
      return input && { uri: input.uri, index };
    },
  };
}

/** A record with the input's place in the run, and the caller's name for it. */
export function toRunRecord<V extends ApiVersion>(
  record: ResultRecord<V>,
  inputs: InputList<PlannedInput>,
): RunResultRecord<V> {
  const { index = record.index, customId } = inputs.at(record.index) ?? {};
  return { ...record, index, ...(customId === undefined ? {} : { customId }) };
}

export { findOutputPrefixes, findShards, type NumberRange, type ShardSet } from "./find-shards.ts";
export type { PrefixRange, ResultManifest, UnexpectedResponse } from "./manifest.ts";
export type { ReorderWait } from "./input-order.ts";
export type { ReadResultsOptions } from "./read-options.ts";
export { readResults, type ResultReader } from "./read-results.ts";
export type { ImageResponse, OpenName } from "./response-types.ts";
export {
  resultStatuses,
  type FailedRecord,
  type MissingRecord,
  type NotSubmittedRecord,
  type PartialRecord,
  type ResultRecord,
  type ResultStatus,
  type SucceededRecord,
} from "./result-record.ts";
export type { ResultInput, ResultSource } from "./result-source.ts";
export type { Shard } from "./shard-name.ts";

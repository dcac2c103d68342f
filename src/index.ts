export { AnnotatingClient } from "./annotating-client.ts";
export type {
  AnnotatedRecord,
  AnnotateFilesOptions,
  AnnotateImagesOptions,
  DetectOptions,
  FeatureInput,
  FileInput,
  FileInputOptions,
  ImageContextInput,
  ImageInput,
  ImageInputOptions,
  InputSource,
} from "./annotation/index.ts";
export { VisionBatchClient } from "./client.ts";
export type { ListOperationsOptions } from "./client-core.ts";
export type { VisionBatchClientOptions } from "./client-options.ts";
export { openRuns, type OpenRunsOptions } from "./open-runs.ts";
export type { Page, PagedList } from "./paged-list.ts";
export {
  ProductSearchClient,
  type ProductOf,
  type ProductSetOf,
  type ReferenceImageOf,
} from "./product-search-client.ts";
export type { ProductSearchClientOptions } from "./product-search-options.ts";
export {
  CursorError,
  errorFromJson,
  InputOrderError,
  InvalidRequestError,
  JsonDecodeError,
  JsonEncodeError,
  MissingPackageError,
  OperationCancelledError,
  OperationError,
  OperationFailedError,
  OperationResultError,
  ReadMaskError,
  ResultCountError,
  RpcError,
  ShardError,
  StorageError,
  SubmitError,
  VisionBatchError,
  WaitTimeoutError,
  type Code,
  type DetailValue,
  type RequestProblem,
  type StatusDetail,
  type StatusFields,
  type StorageErrorReason,
  type SubmitFailure,
} from "./errors/index.ts";
export type {
  CancelledEvent,
  CancelledSnapshot,
  CancelOutcome,
  FailedEvent,
  FailedSnapshot,
  OperationEvent,
  OperationHandle,
  OperationMessage,
  OperationOrigin,
  OperationSnapshot,
  OperationToken,
  PollErrorEvent,
  PollSchedule,
  RunningEvent,
  RunningSnapshot,
  SettledEvent,
  SettledSnapshot,
  SucceededEvent,
  SucceededSnapshot,
  WaitOptions,
  WatchOptions,
} from "./operations/index.ts";
export { apiVersions, type ApiVersion } from "./protocol/api-version.ts";
export type { FeatureName, MessageInit } from "./protocol/message-init.ts";
export type { TransportName } from "./protocol/method-table.ts";
export type {
  ProductMetadataOf,
  ProductRequestOf,
  ProductResponseOf,
  ProductResultOf,
  ProductSearchMethod,
  ProductSearchVersion,
  VersionsWithProduct,
} from "./protocol/product-methods.ts";
export type {
  AnnotateMethod,
  MetadataOf,
  MethodOf,
  RequestOf,
  ResponseOf,
  ResultOf,
  VersionsWith,
} from "./protocol/version-methods.ts";
export { readResults } from "./lazy-results.ts";
export { createCloudStorageStore, createDirectoryStore } from "./lazy-storage.ts";
export type {
  FailedRecord,
  MissingRecord,
  NotSubmittedRecord,
  PartialRecord,
  ReadResultsOptions,
  ResultInput,
  ResultManifest,
  ResultReader,
  ResultRecord,
  ResultSource,
  ResultStatus,
  SucceededRecord,
} from "./results/index.ts";
export type {
  AttemptOutcome,
  AttemptRecord,
  ChunkKind,
  ChunkRecord,
  ChunkState,
  ChunkWithAttempt,
  Cost,
  Decision,
  EventRecord,
  FeaturePrice,
  InputStatus,
  Journal,
  JournalErrorReason,
  ListRunsOptions,
  OnUnknownSubmit,
  PlanAssumptions,
  PlannedInput,
  PlanProgress,
  PlanRequest,
  PriceTable,
  PriceTier,
  ResumeOptions,
  RetryResult,
  Run,
  RunClock,
  RunDifference,
  RunFeature,
  RunImageContext,
  RunInput,
  RunInputObject,
  RunInputs,
  RunLimits,
  RunOptionsInit,
  RunPlan,
  RunProgressOptions,
  RunRequest,
  RunResultRecord,
  RunResultsOptions,
  Runs,
  RunSettingsInit,
  RunSnapshot,
  RunsOptions,
  RunState,
} from "./runs/index.ts";
export { JournalError } from "./runs/journal/journal-error.ts";
export { RunConflictError } from "./runs/plan/run-conflict-error.ts";
export { costOf, googlePrices } from "./runs/prices.ts";
export type {
  CloudStorageOptions,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  StorageRetryOptions,
  WriteOptions,
} from "./storage/index.ts";
export type {
  CallOptions,
  Clock,
  ConnectionOptions,
  EmulatorAddresses,
  Logger,
  RawResponse,
} from "./transport/index.ts";
export {
  watchProgress,
  type OperationProgress,
  type WatchProgressOptions,
} from "./watch-progress.ts";

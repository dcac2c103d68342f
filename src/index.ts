/**
 * The clients, operations, results and runs: start with {@link VisionBatchClient}, or with
 * {@link openRuns} for lists of any length.
 *
 * @module vision-batch
 */
export { AnnotatingClient, type FeatureResult } from "./annotating-client.ts";
export type {
  AnnotatedRecord,
  AnnotateFilesOptions,
  AnnotateImagesOptions,
  AnnotateOptions,
  AnswerMethod,
  DetectOptions,
  FeatureInput,
  FileInput,
  FileInputOptions,
  ImageContextInput,
  ImageInput,
  ImageInputOptions,
  InputSource,
  RequestEnvelope,
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
  JournalError,
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
  RunConflictError,
  ShardError,
  StorageError,
  SubmitError,
  VisionBatchError,
  WaitTimeoutError,
  type Code,
  type DetailValue,
  type JournalErrorReason,
  type JsonErrorFields,
  type RequestProblem,
  type RpcErrorFields,
  type RunDifference,
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
export type { FeatureOf } from "./protocol/features.ts";
export type { FeatureName, MessageInit } from "./protocol/message-init.ts";
export type { MessageVersion } from "./protocol/message-version.ts";
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
export type { AnyMessage, StatusMessage } from "./protocol/status.ts";
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
  ImageResponse,
  MissingRecord,
  NotSubmittedRecord,
  NumberRange,
  OpenName,
  PartialRecord,
  PrefixRange,
  ReadResultsOptions,
  ReorderWait,
  ResultInput,
  ResultManifest,
  ResultReader,
  ResultRecord,
  ResultSource,
  ResultStatus,
  SucceededRecord,
  UnexpectedResponse,
} from "./results/index.ts";
export type {
  AttemptOutcome,
  AttemptRecord,
  ChunkKind,
  ChunkManifest,
  ChunkMemo,
  ChunkProgress,
  ChunkRecord,
  ChunkRef,
  ChunkReport,
  ChunkState,
  ChunkWithAttempt,
  Cost,
  Decision,
  EventRecord,
  FeaturePrice,
  InputPlace,
  InputStatus,
  Journal,
  JsonData,
  ListRunsOptions,
  NewEvent,
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
  RunChunksOptions,
  RunClock,
  RunEventsOptions,
  RunFeature,
  RunImageContext,
  RunInput,
  RunInputObject,
  RunInputs,
  RunKey,
  RunLimits,
  RunOptionsInit,
  RunPace,
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
  StatusCounts,
  WorkerClaims,
} from "./runs/index.ts";
export { costOf, googlePrices } from "./runs/prices.ts";
export type {
  CloudStorageOptions,
  ObjectInfo,
  ObjectStore,
  ReadOptions,
  StorageRetryOptions,
  WriteOptions,
} from "./storage/index.ts";
export type { TelemetryName } from "./telemetry/index.ts";
export type {
  Backoff,
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

export { codeName, codeNumbers, type Code } from "./code.ts";
export { errorFromJson } from "./error-from-json.ts";
export { InvalidRequestError, type RequestProblem } from "./invalid-request-error.ts";
export { JsonDecodeError, JsonEncodeError, type JsonErrorFields } from "./json-decode-error.ts";
export { JournalError, type JournalErrorReason } from "./journal-error.ts";
export { loadOptional, MissingPackageError } from "./missing-package-error.ts";
export {
  OperationCancelledError,
  OperationError,
  OperationFailedError,
  OperationResultError,
  WaitTimeoutError,
} from "./operation-errors.ts";
export {
  CursorError,
  InputOrderError,
  ReadMaskError,
  ResultCountError,
  ShardError,
} from "./result-errors.ts";
export { RpcError, SubmitError, type RpcErrorFields, type SubmitFailure } from "./rpc-error.ts";
export { RunConflictError, type RunDifference } from "./run-conflict-error.ts";
export type { DetailValue, StatusDetail, StatusFields } from "./status-details.ts";
export { StorageError, type StorageErrorReason } from "./storage-error.ts";
export { VisionBatchError } from "./vision-batch-error.ts";

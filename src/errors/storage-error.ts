import { VisionBatchError } from "./vision-batch-error.ts";

/** Why an object store could not do what it was asked. */
export type StorageErrorReason =
  | "notFound"
  | "preconditionFailed"
  | "permissionDenied"
  | "invalidArgument"
  | "corrupt"
  | "unavailable"
  | "unknown";

/** A read, write, list or delete in an object store failed. */
export class StorageError extends VisionBatchError {
  override readonly name = "StorageError";
  /** Why, for a program to go by. */
  readonly reason: StorageErrorReason;
  /** The object or prefix, e.g. `gs://bucket/name`. */
  readonly uri: string;

  constructor(
    message: string,
    fields: { reason: StorageErrorReason; uri: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.reason = fields.reason;
    this.uri = fields.uri;
  }
}

import {
  OperationCancelledError,
  OperationFailedError,
  OperationResultError,
  type OperationError,
} from "../errors/index.ts";
import { decodeAny } from "../protocol/any.ts";
import { toStatusFields } from "../protocol/status.ts";
import type { AnyMessage, StatusMessage } from "../protocol/status.ts";

/** A `google.longrunning.Operation` message as it came. */
export interface OperationMessage {
  /** The name of the operation. */
  readonly name: string;
  /** How far it has come, undecoded. */
  readonly metadata?: AnyMessage | undefined;
  /** Whether it has ended, well or not. */
  readonly done: boolean;
  /** What it ended with, where it failed or was cancelled. */
  readonly error?: StatusMessage | undefined;
  /** What it ended with, where it succeeded; undecoded. */
  readonly response?: AnyMessage | undefined;
}

interface SnapshotFields<Metadata> {
  /** What the service last reported of the operation; absent where it reported nothing, or what cannot be read here. */
  readonly metadata: Metadata | undefined;
  /** The message as it came, for what the fields beside it do not tell. */
  readonly operation: OperationMessage;
}

/** The operation goes on. */
export interface RunningSnapshot<Metadata> extends SnapshotFields<Metadata> {
  /** Tells this snapshot from others. */
  readonly state: "running";
}

/** The operation ended with a result. */
export interface SucceededSnapshot<Result, Metadata> extends SnapshotFields<Metadata> {
  /** Tells this snapshot from others. */
  readonly state: "succeeded";
  /** What the operation ended with, decoded. */
  readonly result: Result;
  /** The full name of the result's message type, read from its type URL. */
  readonly resultType: string;
}

/** The operation ended without a result. */
export interface FailedSnapshot<Metadata> extends SnapshotFields<Metadata> {
  /** Tells this snapshot from others. */
  readonly state: "failed";
  /** What the operation ended with, as `wait` throws it. */
  readonly error: OperationError;
}

/** The operation was cancelled. */
export interface CancelledSnapshot<Metadata> extends SnapshotFields<Metadata> {
  /** Tells this snapshot from others. */
  readonly state: "cancelled";
  /** What the operation ended with, as `wait` throws it. */
  readonly error: OperationCancelledError;
}

/** What one read of an operation told. */
export type OperationSnapshot<Result, Metadata> =
  RunningSnapshot<Metadata> | SettledSnapshot<Result, Metadata>;

/** What a read told of an operation that is done. */
export type SettledSnapshot<Result, Metadata> =
  SucceededSnapshot<Result, Metadata> | FailedSnapshot<Metadata> | CancelledSnapshot<Metadata>;

/**
 * Reads an Operation message; the types of result and metadata come from their type URLs.
 *
 * The oneof is read by which field is there: a message codec need not say it in any other way.
 */
export async function toSnapshot<Result, Metadata>(
  operation: OperationMessage,
): Promise<OperationSnapshot<Result, Metadata>> {
  // Metadata that cannot be read must not hide the state that it came with.
  const reported = await decodeAny(operation.metadata).catch(() => undefined);
  const fields = { metadata: reported?.message as Metadata | undefined, operation };
  if (!operation.done) return { state: "running", ...fields };
  if (operation.error !== undefined) return failure(operation.name, operation.error, fields);
  try {
    const decoded = await decodeAny(operation.response);
    if (decoded === undefined) return { state: "failed", error: resultError(operation), ...fields };
    const { message, typeName: resultType } = decoded;
    return { state: "succeeded", result: message as Result, resultType, ...fields };
  } catch (cause) {
    return { state: "failed", error: resultError(operation, { cause }), ...fields };
  }
}

async function failure<Metadata>(
  name: string,
  error: StatusMessage,
  fields: SnapshotFields<Metadata>,
): Promise<FailedSnapshot<Metadata> | CancelledSnapshot<Metadata>> {
  const status = await toStatusFields(error);
  return status.code === "CANCELLED"
    ? { state: "cancelled", error: new OperationCancelledError(name, status), ...fields }
    : { state: "failed", error: new OperationFailedError(name, status), ...fields };
}

function resultError(
  { name, response }: OperationMessage,
  options?: ErrorOptions,
): OperationResultError {
  const what =
    response === undefined
      ? "neither a result nor an error; look for its output at the prefix of the request"
      : `a result that cannot be read here as ${response.typeUrl}; its bytes are in snapshot.operation.response`;
  return new OperationResultError(`operation ${name} is done with ${what}`, name, options);
}

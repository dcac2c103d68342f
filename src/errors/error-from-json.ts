import { codeNumbers } from "./code.ts";
import { InvalidRequestError } from "./invalid-request-error.ts";
import { JsonDecodeError, JsonEncodeError } from "./json-decode-error.ts";
import { JournalError } from "./journal-error.ts";
import { MissingPackageError } from "./missing-package-error.ts";
import {
  OperationCancelledError,
  OperationError,
  OperationFailedError,
  OperationResultError,
  WaitTimeoutError,
} from "./operation-errors.ts";
import {
  CursorError,
  InputOrderError,
  ReadMaskError,
  ResultCountError,
  ShardError,
} from "./result-errors.ts";
import { RpcError, SubmitError } from "./rpc-error.ts";
import { RunConflictError } from "./run-conflict-error.ts";
import type { StatusDetail } from "./status-details.ts";
import { StorageError } from "./storage-error.ts";
import { VisionBatchError } from "./vision-batch-error.ts";

type Members = Readonly<Record<string, unknown>>;

/** By names written out, which those of classes that were bundled may not be any more. */
const classes: Readonly<Record<string, { readonly prototype: VisionBatchError }>> = {
  CursorError,
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
  WaitTimeoutError,
};

/** What may not come in as it is, since callers decide by it. */
const readers: Readonly<Record<string, (value: unknown) => unknown>> = {
  code: (value) => (Object.hasOwn(codeNumbers, String(value)) ? value : "UNKNOWN"),
  details: (value) => listOf(value).flatMap(toDetail),
  differences: listOf,
  problems: listOf,
  // Only what says so may be sent again.
  outcome: (value) => (value === "rejected" ? value : "unknown"),
};

/**
 * The error whose `toJSON` this is, of the same class, as it came from a log, a worker or another
 * process; one of a class that is not of the exported ones becomes a VisionBatchError that keeps its
 * `name` and its fields. `cause` stays text, and `stack` begins here.
 * @throws VisionBatchError for what is not the JSON of an error.
 */
export function errorFromJson(json: unknown): VisionBatchError {
  const { name, message, cause, ...fields } = membersOf(json);
  if (typeof name !== "string" || typeof message !== "string") {
    throw new VisionBatchError("this is not the JSON of an error: it has no name or no message");
  }
  const { prototype } = (Object.hasOwn(classes, name) && classes[name]) || VisionBatchError;
  const options = cause === undefined ? undefined : { cause };
  // Not by the constructor of the class, which would make the message anew.
  const error = new VisionBatchError(message, options);
  Object.setPrototypeOf(error, prototype);
  const own = { ...requiredBy(prototype), ...fields, name };
  for (const [key, value] of Object.entries(own)) {
    // What the class derives or does is not data.
    if (key in prototype && key !== "name") continue;
    const read = Object.hasOwn(readers, key) ? readers[key]?.(value) : value;
    Object.defineProperty(error, key, {
      value: read,
      ...{ enumerable: true, configurable: true, writable: true },
    });
  }
  return error;
}

/** What errors of a class always have, for JSON that lost it. */
function requiredBy(prototype: VisionBatchError): Members {
  if (prototype === SubmitError.prototype) {
    return { code: "UNKNOWN", details: [], outcome: "unknown" };
  }
  return "findDetails" in prototype ? { code: "UNKNOWN", details: [] } : {};
}

function toDetail(json: unknown): readonly StatusDetail[] {
  const { typeUrl, value, bytes } = membersOf(json);
  if (typeof typeUrl !== "string") return [];
  if (typeof bytes === "string")
    return [{ typeUrl, bytes: Uint8Array.from(Buffer.from(bytes, "base64")) }];
  return [
    typeof value === "object" && value !== null
      ? { typeUrl, value: value as Members }
      : { typeUrl },
  ];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function membersOf(value: unknown): Members {
  return typeof value === "object" && value !== null ? (value as Members) : {};
}

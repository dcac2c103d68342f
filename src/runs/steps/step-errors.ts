import {
  InvalidRequestError,
  RpcError,
  StorageError,
  VisionBatchError,
  type Code,
} from "../../errors/index.ts";
import { serverDelayMs } from "../../transport/backoff.ts";
import type { JsonData } from "../journal/run-record.ts";

/** What follows from a rejected submit. */
export type RejectionClass =
  /** The service has too much to do: again later, however often, and all submits slower. */
  | "busy"
  /** Every chunk would meet it: again later, however often, and the user is told. */
  | "wide"
  /** It lies with this request: never again. */
  | "permanent"
  /** It never left, and not for its own fault: again later, however often. */
  | "unsent"
  /** Again later, so many times. */
  | "passing";

const rejections: Readonly<Partial<Record<Code, Exclude<RejectionClass, "unsent">>>> = {
  RESOURCE_EXHAUSTED: "busy",
  PERMISSION_DENIED: "wide",
  UNAUTHENTICATED: "wide",
  NOT_FOUND: "wide",
  FAILED_PRECONDITION: "wide",
  UNIMPLEMENTED: "wide",
  INVALID_ARGUMENT: "permanent",
  OUT_OF_RANGE: "permanent",
};

/** What follows from the error of a rejected submit. */
export function classifyRejection(error: Error): Exclude<RejectionClass, "unsent"> {
  if (error instanceof InvalidRequestError) return "permanent";
  return (error instanceof RpcError ? rejections[error.code] : undefined) ?? "passing";
}

/** Codes with which a service says that it does not do a thing, or not for this caller. */
const refusals: ReadonlySet<Code> = new Set<Code>([
  "UNIMPLEMENTED",
  "PERMISSION_DENIED",
  "NOT_FOUND",
  "INVALID_ARGUMENT",
  "FAILED_PRECONDITION",
  "OUT_OF_RANGE",
]);

/** Whether asking again would bring the same answer. */
export function isRefusal(error: Error): boolean {
  return error instanceof RpcError && refusals.has(error.code);
}

/** Whether the service does not know the operation. */
export function isGone(error: Error): boolean {
  return error instanceof RpcError && error.code === "NOT_FOUND";
}

/** Whether a read fails for a reason that only a person can remove. */
export function isLasting(error: Error): boolean {
  if (error instanceof StorageError) {
    return error.reason === "permissionDenied" || error.reason === "notFound";
  }
  return isRefusal(error) || (error instanceof RpcError && error.code === "UNAUTHENTICATED");
}

/** How long the server asks to wait, in milliseconds, as far as that is followed; 0 where it does not say. */
export function retryDelayMs(error: Error): number {
  return error instanceof RpcError ? serverDelayMs(error) : 0;
}

/** The code of an error, or what else tells most in a word. */
export function errorCode(error: Error): string {
  if (error instanceof StorageError) return error.reason;
  return error instanceof VisionBatchError && "code" in error ? String(error.code) : error.name;
}

/** An error as a journal keeps it. */
export function errorData(error: Error): JsonData {
  if (error instanceof VisionBatchError) return error.toJSON();
  return { name: error.name, message: error.message };
}

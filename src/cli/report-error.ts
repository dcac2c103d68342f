import {
  InvalidRequestError,
  JournalError,
  type JournalErrorReason,
  OperationError,
  ResultCountError,
  RpcError,
  ShardError,
  StorageError,
  VisionBatchError,
} from "../errors/index.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { escapeForTerminal } from "./render/escape.ts";
import { OutputError, UsageError } from "./usage-error.ts";

const serviceErrors = [RpcError, OperationError, StorageError, ShardError, ResultCountError];

/** What is wrong with a journal before anything is done with it; all else happens to it. */
const journalUse: readonly JournalErrorReason[] = ["notFound", "newer", "unsupported"];

/** The exit code that an error stands for. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof JournalError) {
    return journalUse.includes(error.reason) ? exitCodes.usage : exitCodes.serviceFailed;
  }
  if (serviceErrors.some((type) => error instanceof type)) return exitCodes.serviceFailed;
  const isUse = error instanceof UsageError || error instanceof VisionBatchError;
  return isUse ? exitCodes.usage : exitCodes.serviceFailed;
}

/** An error as the user reads it: its message, and where the fault is our own, the place. */
export function describeError(error: unknown): string {
  if (error instanceof InvalidRequestError) return problems(error);
  const known = [UsageError, OutputError, VisionBatchError];
  const expected = known.some((type) => error instanceof type);
  if (error instanceof Error && (expected || isSystemError(error))) return line(error.message);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return text.split("\n").map(line).join("");
}

function problems(error: InvalidRequestError): string {
  const shown = error.problems.slice(0, 20).map(({ field, value, message }) => {
    const found = value === undefined ? "" : ` (${JSON.stringify(value)})`;
    return line(`${field}${found}: ${message}`);
  });
  const more = error.problems.length - shown.length;
  if (more > 0) shown.push(line(`and ${more} more`));
  return line("nothing was submitted:") + shown.join("");
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function line(text: string): string {
  return `vision-batch: ${escapeForTerminal(text)}\n`;
}

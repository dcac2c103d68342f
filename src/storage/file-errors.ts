import { StorageError, type StorageErrorReason } from "../errors/index.ts";

const reasons: Readonly<Record<string, StorageErrorReason>> = {
  ENOENT: "notFound",
  EACCES: "permissionDenied",
  EPERM: "permissionDenied",
  EROFS: "permissionDenied",
  ENAMETOOLONG: "invalidArgument",
  EILSEQ: "invalidArgument",
  EBUSY: "unavailable",
  EDQUOT: "unavailable",
  EMFILE: "unavailable",
  ENFILE: "unavailable",
  ENOSPC: "unavailable",
};

/** The {@link StorageError} for what a file system call threw; a StorageError is passed on. */
export function fromFileError(error: unknown, uri: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new StorageError(
    `${uri}: ${message}`,
    { reason: reasons[code ?? ""] ?? "unknown", uri },
    { cause: error },
  );
}

/** Whether a file system call failed with one of these codes, e.g. `ENOENT`. */
export function failedWith(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException).code ?? "");
}

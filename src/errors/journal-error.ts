import { VisionBatchError } from "./vision-batch-error.ts";

/**
 * Why a journal could not be opened, read or written. `locked`: another process holds it; try again.
 * `full`: no room; make some and resume. `corrupt`: it is damaged, or no journal. `newer`: it was
 * written by a later release. `unsupported`: this Node cannot keep a journal safely.
 */
export type JournalErrorReason =
  | "locked"
  | "full"
  | "corrupt"
  | "newer"
  | "readOnly"
  | "notFound"
  | "unsupported"
  | "unavailable"
  | "closed"
  | "unknown";

/** A journal could not be opened, read or written; what was written before is kept. */
export class JournalError extends VisionBatchError {
  override readonly name = "JournalError";
  /** Why, for a program to go by. */
  readonly reason: JournalErrorReason;
  /** The journal, e.g. `sqlite:runs.db`; never with a password. */
  readonly journal: string;

  constructor(
    message: string,
    fields: { readonly reason: JournalErrorReason; readonly journal: string },
    options?: ErrorOptions,
  ) {
    super(`journal ${fields.journal}: ${message}`, options);
    this.reason = fields.reason;
    this.journal = fields.journal;
  }
}

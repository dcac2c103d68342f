import { JournalError, type JournalErrorReason } from "../../../errors/index.ts";

/** Primary result codes. Source: https://sqlite.org/rescode.html */
const busy = 5;
const reasons: Readonly<Record<number, JournalErrorReason>> = {
  3: "readOnly",
  [busy]: "locked",
  6: "locked",
  8: "readOnly",
  10: "unavailable",
  11: "corrupt",
  13: "full",
  14: "unavailable",
  23: "readOnly",
  26: "corrupt",
};

const advice: Readonly<Partial<Record<JournalErrorReason, string>>> = {
  locked:
    "another process holds it; where that was stopped in the middle of a write (SIGSTOP, a debugger, a frozen container), let it go on or end it, then resume",
  readOnly: "it cannot be written; check the rights of the file and of its folder",
  unavailable: "it cannot be opened or read; check its path, its rights and the disk",
  corrupt: "it is damaged, or no journal; restore a copy of it or begin a new one",
  full: "there is no room left for it; make some and resume, nothing that was written is lost",
};

/** Whether an error says that another connection is writing. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === busy;
}

/** The error of a journal for one of SQLite; what is none of SQLite's stays as it is. */
export function toJournalError(error: unknown, journal: string): unknown {
  const code = primaryCode(error);
  if (code === undefined) return error;
  const reason = reasons[code] ?? "unknown";
  const { message } = error as Error;
  const hint = advice[reason];
  const text = hint === undefined ? message : `${hint} (${message})`;
  return new JournalError(text, { reason, journal }, { cause: error });
}

/** The low byte of the extended code that Node gives. */
function primaryCode(error: unknown): number | undefined {
  const { errcode } = (error ?? {}) as { readonly errcode?: unknown };
  return typeof errcode === "number" ? errcode & 0xff : undefined;
}

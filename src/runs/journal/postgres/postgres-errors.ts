import { JournalError, type JournalErrorReason } from "../../../errors/index.ts";

/** By SQLSTATE, or its class. Source: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const reasons: Readonly<Record<string, JournalErrorReason>> = {
  "08": "unavailable",
  "25006": "readOnly",
  "25P03": "unavailable",
  "28": "unavailable",
  "3D": "notFound",
  "40": "locked",
  "42501": "readOnly",
  "42P01": "corrupt",
  "42703": "corrupt",
  "53100": "full",
  "53": "unavailable",
  "55P03": "locked",
  "57": "unavailable",
  "58": "unavailable",
  XX: "corrupt",
};

const advice: Readonly<Partial<Record<JournalErrorReason, string>>> = {
  locked: "others hold what is needed; try again",
  readOnly: "it cannot be written; check the rights of the user and that the server is no replica",
  unavailable: "the server cannot be reached or does not answer; check its address, user and state",
  notFound: "there is no such database; create it first",
  corrupt: "it is damaged, or no journal; restore a copy of it or name another schema",
  full: "the server has no room left; make some and resume, nothing that was written is lost",
};

/** The error of a journal for one of the driver: whatever has no SQLSTATE is one of the connection. */
export function toJournalError(error: unknown, journal: string): JournalError {
  const state = sqlState(error);
  const reason =
    state === undefined
      ? "unavailable"
      : (reasons[state] ?? reasons[state.slice(0, 2)] ?? "unknown");
  const { message } = error as Error;
  const hint = advice[reason];
  const text = hint === undefined ? message : `${hint} (${message})`;
  return new JournalError(text, { reason, journal }, { cause: error });
}

/** Whether the server has taken back the transaction because of others, so that it may be tried again. */
export function isConflict(error: unknown): boolean {
  return ["40001", "40P01"].includes(sqlState(causeOf(error)) ?? "");
}

/** Whether the connection has ended, or never began: what was not committed is taken back. */
export function isDisconnected(error: unknown): boolean {
  if (!(error instanceof JournalError) || error.cause === undefined) return false;
  const state = sqlState(error.cause);
  if (state === undefined) return !isRefusal(error.cause);
  return state.startsWith("08") || ["25P03", "53300", "57P01", "57P02", "57P03"].includes(state);
}

/** Whether the server says that a transaction has not been committed. */
export function isRejection(error: unknown): boolean {
  const state = sqlState(causeOf(error));
  return state !== undefined && !["08", "57", "58", "XX"].includes(state.slice(0, 2));
}

/** A certificate or a password that is not accepted: the same the next time. */
function isRefusal(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return (
    /^(SASL|The server does not support SSL|Invalid )/.test(String(message)) ||
    (typeof code === "string" && /CERT|TLS|SSL|^ERR_/.test(code))
  );
}

/** Whether the server has said so. */
export function isOfServer(error: unknown): boolean {
  return sqlState(error) !== undefined;
}

function causeOf(error: unknown): unknown {
  return error instanceof JournalError ? error.cause : undefined;
}

function sqlState(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as {
    readonly code?: unknown;
    readonly severity?: unknown;
  };
  return typeof code === "string" && severity !== undefined ? code : undefined;
}

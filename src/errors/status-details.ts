import type { Code } from "./code.ts";

/**
 * One entry of a `google.rpc.Status.details`: its type URL and, where the type is known
 * (`google.rpc.ErrorInfo`, `RetryInfo`, `QuotaFailure`, `BadRequest`, ...), its fields in proto3
 * JSON form; where it is not, the bytes as they came.
 */
export interface StatusDetail {
  /** e.g. `type.googleapis.com/google.rpc.ErrorInfo`. */
  readonly typeUrl: string;
  /** The decoded message in proto3 JSON form; absent for an unknown type. */
  readonly value?: Readonly<Record<string, unknown>>;
  /** The undecoded bytes; present for an unknown type only. */
  readonly bytes?: Uint8Array;
}

/** A `google.rpc.Status` as plain data. */
export interface StatusFields {
  /** The name of the code. */
  readonly code: Code;
  /** What went wrong, in English, for developers. */
  readonly message: string;
  /** What else is told, decoded where its type is known. */
  readonly details: readonly StatusDetail[];
}

/** A message in proto3 JSON form. */
export type DetailValue = Readonly<Record<string, unknown>>;

/** What the standard details of a status tell. */
export interface StatusFacts {
  /** `google.rpc.ErrorInfo.reason`, e.g. `RATE_LIMIT_EXCEEDED`. */
  readonly reason: string | undefined;
  /** `google.rpc.ErrorInfo.domain`, e.g. `googleapis.com`. */
  readonly domain: string | undefined;
  /** How long the server asks to wait before another try (`google.rpc.RetryInfo`), in milliseconds. */
  readonly retryDelayMs: number | undefined;
}

/** The decoded details of a google.rpc type, by short name (`ErrorInfo`) or full name (`google.rpc.ErrorInfo`), in order. */
export function findDetails(
  details: readonly StatusDetail[],
  type: string,
): readonly DetailValue[] {
  const fullName = type.includes(".") ? type : `google.rpc.${type}`;
  return details.flatMap(({ typeUrl, value }) =>
    value !== undefined && typeUrl.endsWith(`/${fullName}`) ? [value] : [],
  );
}

/** Reads the standard details; the first of each type counts. */
export function statusFacts(details: readonly StatusDetail[]): StatusFacts {
  const text = (type: string, field: string): string | undefined => {
    const value = findDetails(details, type)[0]?.[field];
    return typeof value === "string" ? value : undefined;
  };
  const delayMs = Number.parseFloat(text("RetryInfo", "retryDelay") ?? "") * 1000;
  return {
    reason: text("ErrorInfo", "reason"),
    domain: text("ErrorInfo", "domain"),
    retryDelayMs: Number.isFinite(delayMs) ? Math.max(0, delayMs) : undefined,
  };
}

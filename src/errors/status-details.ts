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
  readonly code: Code;
  readonly message: string;
  readonly details: readonly StatusDetail[];
}

/** The first detail of a google.rpc type, by short name (`ErrorInfo`) or full name (`google.rpc.ErrorInfo`). */
export function findDetail(
  details: readonly StatusDetail[],
  type: string,
): Readonly<Record<string, unknown>> | undefined {
  const fullName = type.includes(".") ? type : `google.rpc.${type}`;
  return details.find((detail) => detail.typeUrl.endsWith(`/${fullName}`))?.value;
}

/** Details as JSON keeps them: undecoded bytes as base64. */
export function detailsToJson(details: readonly StatusDetail[]): readonly object[] {
  return details.map(({ bytes, ...detail }) =>
    bytes === undefined ? detail : { ...detail, bytes: Buffer.from(bytes).toString("base64") },
  );
}

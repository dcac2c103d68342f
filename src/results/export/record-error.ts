import type { StatusFields } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";

/** The error of a record as plain JSON: that of the service, or one of this package's own. */
export interface RecordErrorJson {
  /** The name of a google.rpc.Code; absent for an error that the service did not send. */
  readonly code?: string;
  /** The class of an error that the service did not send. */
  readonly name?: string;
  /** What went wrong, in English. */
  readonly message: string;
  /** The details of the service's error in proto3 JSON, or the fields of another error. */
  readonly details?: unknown;
}

/** Reads the error of a record; undefined where it has none. */
export function recordError(record: ResultRecord<ApiVersion>): RecordErrorJson | undefined {
  if (!("error" in record)) return undefined;
  const { error } = record;
  return error instanceof Error ? errorJson(error) : statusJson(error);
}

function statusJson({ code, message, details }: StatusFields): RecordErrorJson {
  const entries = details.map(({ typeUrl, value, bytes }) =>
    value === undefined
      ? { "@type": typeUrl, value: Buffer.from(bytes ?? []).toString("base64") }
      : { "@type": typeUrl, ...value },
  );
  return { code, message, ...(entries.length === 0 ? {} : { details: entries }) };
}

function errorJson(error: Error): RecordErrorJson {
  const plain = "toJSON" in error ? (error as { toJSON(): unknown }).toJSON() : {};
  const { name: _name, message: _message, ...details } = plain as Record<string, unknown>;
  const { name, message } = error;
  return { name, message, ...(Object.keys(details).length === 0 ? {} : { details }) };
}

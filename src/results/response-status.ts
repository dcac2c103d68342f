import { codeName, type StatusDetail, type StatusFields } from "../errors/index.ts";
import type { RecordCodec } from "../protocol/json-codec.ts";

/** A `google.rpc.Status` in proto3 JSON, as far as it is read here. */
interface StatusJson {
  readonly code?: number;
  readonly message?: string;
  readonly details?: readonly Readonly<Record<string, unknown>>[];
}

/** What a response says of itself: its error, and whether anything stands beside it. */
export interface ResponseStatus {
  readonly status: "succeeded" | "partial" | "failed";
  readonly error: StatusFields | undefined;
}

/** Fields of a response that are no annotation. */
const withoutAnnotation = new Set(["error", "context"]);

/** Reads the status of a decoded response; `hasMore` tells that more is set in it than was read. */
export function statusOf(
  response: Readonly<Record<string, unknown>>,
  { codec, hasMore }: { readonly codec: RecordCodec; readonly hasMore: boolean },
): ResponseStatus {
  const error = response["error"] as StatusJson | undefined;
  // A status of code 0 is OK and no error.
  if (error?.code === undefined) return { status: "succeeded", error: undefined };
  const annotated = hasMore || Object.keys(response).some((field) => !withoutAnnotation.has(field));
  return { status: annotated ? "partial" : "failed", error: statusFields(error, codec) };
}

function statusFields(error: StatusJson, codec: RecordCodec): StatusFields {
  return {
    code: codeName(error.code ?? 0),
    message: error.message ?? "",
    details: (error.details ?? []).map((detail) => toDetail(detail, codec)),
  };
}

function toDetail(detail: Readonly<Record<string, unknown>>, codec: RecordCodec): StatusDetail {
  const { "@type": type, ...value } = detail;
  const typeUrl = String(type);
  if (codec.knows(typeUrl.slice(typeUrl.lastIndexOf("/") + 1))) return { typeUrl, value };
  const bytes = value["value"];
  const isBytes = typeof bytes === "string" && Object.keys(value).length === 1;
  return isBytes ? { typeUrl, bytes: Buffer.from(bytes, "base64") } : { typeUrl, value };
}

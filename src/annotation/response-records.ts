import { VisionBatchError, type StatusFields } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { statusOf } from "../results/response-status.ts";
import type { ImageResponse } from "../results/response-types.ts";
import type { AnnotatedRecord } from "./annotate-options.ts";
import type { RequestMaker } from "./request-maker.ts";

/** What a record is about. */
export interface RecordPlace<Input> {
  readonly index: number;
  readonly uri: string;
  readonly input: Input;
  /** From 1; absent for an image, and for a file as a whole. */
  readonly page?: number | undefined;
}

/** A response in the form of records, with what it says of itself. */
export interface ReadResponse<V extends ApiVersion> {
  readonly status: "succeeded" | "partial" | "failed";
  readonly response: ImageResponse<V>;
  readonly error: StatusFields | undefined;
}

/** Reads an AnnotateImageResponse message. */
export function readResponse<V extends ApiVersion>(
  { codec, typeName }: { readonly codec: RequestMaker["codec"]; readonly typeName: string },
  message: object,
): ReadResponse<V> {
  const response = codec.toJson(typeName, message);
  const { status, error } = statusOf(response, { codec, hasMore: false });
  return { status, error, response: response as ImageResponse<V> };
}

/** The record of a response; `missing` where there is none. */
export function responseRecord<V extends ApiVersion, Input>(
  place: RecordPlace<Input>,
  read: ReadResponse<V> | undefined,
): AnnotatedRecord<V, Input> {
  const base = baseOf(place);
  if (read === undefined) {
    const error = new VisionBatchError("the service left it out of its answer");
    return { ...base, status: "missing", error };
  }
  const { status, response, error } = read;
  if (error === undefined) return { ...base, status: "succeeded", response };
  return status === "partial"
    ? { ...base, status, response, error }
    : { ...base, status: "failed", error };
}

/** The record of what the service refused, or of what was in a request that failed. */
export function failedRecord<V extends ApiVersion, Input>(
  place: RecordPlace<Input>,
  error: StatusFields,
): AnnotatedRecord<V, Input> {
  return { ...baseOf(place), status: "failed", error };
}

/** The record of what was not sent. */
export function unsentRecord<V extends ApiVersion, Input>(
  place: RecordPlace<Input>,
  error: Error,
): AnnotatedRecord<V, Input> {
  return { ...baseOf(place), status: "notSubmitted", error };
}

function baseOf<Input>({ index, uri, input, page }: RecordPlace<Input>) {
  return { index, uri, input, ...(page === undefined ? {} : { page }) };
}

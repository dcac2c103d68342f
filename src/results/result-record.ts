import type { StatusFields } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import type { ImageResponse } from "./response-types.ts";

/**
 * What became of an input. `partial`: annotated, with an error beside it. `missing`: it was sent and
 * no response was found. `notSubmitted`: it was never sent.
 */
export type ResultStatus = "succeeded" | "partial" | "failed" | "missing" | "notSubmitted";

/** Every status, in the order in which they are counted and shown. */
export const resultStatuses: readonly ResultStatus[] = [
  "succeeded",
  "partial",
  "failed",
  "missing",
  "notSubmitted",
];

interface RecordOf<Status extends ResultStatus> {
  /** What became of it, which tells the kinds of records apart. */
  readonly status: Status;
  /** The input's place among all inputs, from 0; without inputs, a running number. */
  readonly index: number;
  /** The URI of the image or document. */
  readonly uri: string;
  /** The page of a document, from 1; absent for an image, and where a document is told of as a whole. */
  readonly page?: number;
}

/** An image or page that was annotated. */
export interface SucceededRecord<V extends ApiVersion = "v1"> extends RecordOf<"succeeded"> {
  /** What the service has found. */
  readonly response: ImageResponse<V>;
}

/** An image or page with annotations and an error beside them. */
export interface PartialRecord<V extends ApiVersion = "v1"> extends RecordOf<"partial"> {
  /** What the service has found in spite of the error. */
  readonly response: ImageResponse<V>;
  /** What the service could not do. */
  readonly error: StatusFields;
}

/** An image, page or document that the service could not annotate. */
export interface FailedRecord extends RecordOf<"failed"> {
  /** Why, as the service says. */
  readonly error: StatusFields;
}

/** An input, or a page of one, that no response was found for. */
export interface MissingRecord extends RecordOf<"missing"> {
  /** Why it may be missing: the operation's error or that of an unreadable shard. */
  readonly error?: Error;
}

/** An input that was never sent. */
export interface NotSubmittedRecord extends RecordOf<"notSubmitted"> {
  /** Why it was not sent. */
  readonly error?: Error;
}

/** What is known of one image, or of one page of a document. */
export type ResultRecord<V extends ApiVersion = "v1"> =
  SucceededRecord<V> | PartialRecord<V> | FailedRecord | MissingRecord | NotSubmittedRecord;

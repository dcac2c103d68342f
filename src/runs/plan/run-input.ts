import type { ChunkKind } from "../journal/run-record.ts";

/** An image or file to annotate: its URI, `gs://bucket/object`, or that with more said of it. */
export type RunInput = string | RunInputObject;

/** An image or file to annotate, with what its URI does not say. */
export interface RunInputObject {
  /** `gs://bucket/object` */
  readonly uri: string;
  /** The caller's own name for it, which its result carries; need not be unique. */
  readonly customId?: string | undefined;
  /** Default: by `mimeType`, else by the extension: `.pdf`, `.tif`, `.tiff` and `.gif` are files, all else images. */
  readonly kind?: ChunkKind | undefined;
  /** For a file: `application/pdf`, `image/tiff` or `image/gif`. Default: by the extension. */
  readonly mimeType?: string | undefined;
}

/** An input as it was planned. */
export interface PlannedInput {
  /** Its place among all inputs of the run, from 0. */
  readonly index: number;
  /** Its URI, as it was given. */
  readonly uri: string;
  /** The id that it was given, where it was given one. */
  readonly customId?: string;
  /** For a file. */
  readonly mimeType?: string;
}

/** All inputs of a run, in an order that is the same every time. */
export type RunInputs = Iterable<RunInput> | AsyncIterable<RunInput>;

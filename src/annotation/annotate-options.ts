import type { ApiVersion } from "../protocol/api-version.ts";
import type { FeatureOf } from "../protocol/features.ts";
import type { RequestOf } from "../protocol/version-methods.ts";
import type { ResultRecord } from "../results/result-record.ts";
import type { CallOptions } from "../transport/transport.ts";
import type { AnswerMethod } from "./annotation-port.ts";
import type { InputSource } from "./input-source.ts";

type FieldOf<Message, Field extends string> = Message extends {
  readonly [F in Field]?: infer Value;
}
  ? Exclude<Value, undefined>
  : never;
type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;
type OneRequest<V extends ApiVersion> = ItemOf<
  FieldOf<RequestOf<V, "batchAnnotateImages">, "requests">
>;

/** A feature to look for: its name, or a message that says more (`maxResults`, `model`). */
export type FeatureInput<V extends ApiVersion = "v1"> =
  FeatureOf<V> | ItemOf<FieldOf<OneRequest<V>, "features">>;

/** The hints that may go with an image or a file, as the version has them. */
export type ImageContextInput<V extends ApiVersion = "v1"> = FieldOf<OneRequest<V>, "imageContext">;

/** The fields of a request beside its inputs: `parent` and `labels` where the version has them. */
export type RequestEnvelope<V extends ApiVersion, M extends AnswerMethod> = Omit<
  RequestOf<V, M>,
  "requests"
>;

/** An image that is annotated otherwise than the rest. */
export interface ImageInputOptions<V extends ApiVersion = "v1"> {
  /** The image or the file itself. */
  readonly source: InputSource;
  /** Default: those of all. */
  readonly features?: readonly FeatureInput<V>[] | undefined;
  /** Default: that of all. */
  readonly imageContext?: ImageContextInput<V> | undefined;
}

/** A file that is annotated otherwise than the rest, or whose type must be told. */
export interface FileInputOptions<V extends ApiVersion = "v1"> extends ImageInputOptions<V> {
  /** Default: by the first bytes, or by the name of what the service reads. */
  readonly mimeType?: string | undefined;
  /** The pages to annotate: from 1, or from -1 for the last. Default: those of all. */
  readonly pages?: readonly number[] | undefined;
}

/** An image to annotate. */
export type ImageInput<V extends ApiVersion = "v1"> = InputSource | ImageInputOptions<V>;

/** A PDF, TIFF or GIF file to annotate: a `gs://` URI, or what is read here. */
export type FileInput<V extends ApiVersion = "v1"> = InputSource | FileInputOptions<V>;

/** Options of whatever annotates any number of inputs at once. */
export interface AnnotateOptions<V extends ApiVersion> extends CallOptions {
  /** What to look for. */
  readonly features: readonly FeatureInput<V>[];
  /** Hints for every input that has none of its own. */
  readonly imageContext?: ImageContextInput<V> | undefined;
  /** Requests under way at a time, and inputs being read. Default 4. */
  readonly concurrency?: number | undefined;
  /** Whether a request that fails ends everything with its SubmitError. Default: its inputs are reported as failed. */
  readonly stopOnError?: boolean | undefined;
}

/** Options of `annotateImages`; `signal` ends everything, `timeoutMs` and `headers` are those of each request. */
export type AnnotateImagesOptions<V extends ApiVersion = "v1"> = AnnotateOptions<V> &
  RequestEnvelope<V, "batchAnnotateImages"> & {
    /** Images in one request at most: it is sent when so many, or 10 MB, are together. Default 16, the service's limit. */
    readonly imagesPerRequest?: number | undefined;
  };

/** Options of `annotateFiles`; `signal` ends everything, `timeoutMs` and `headers` are those of each request. */
export type AnnotateFilesOptions<V extends ApiVersion = "v1"> = AnnotateOptions<V> &
  RequestEnvelope<V, "batchAnnotateFiles"> & {
    /** The pages of each file to annotate: from 1, or from -1 for the last. Default: all. */
    readonly pages?: readonly number[] | undefined;
  };

/** Options of the helpers for one feature of one image. */
export type DetectOptions<V extends ApiVersion = "v1"> = CallOptions &
  RequestEnvelope<V, "batchAnnotateImages"> & {
    /** Annotations at most; text and safe search know no limit. Default: the service's. */
    readonly maxResults?: number | undefined;
    /** `builtin/stable` or `builtin/latest`. Default: the first. */
    readonly model?: string | undefined;
    /** Hints for the image. Default: none. */
    readonly imageContext?: ImageContextInput<V> | undefined;
  };

/**
 * What became of an image or a page: a record as `readResults` gives them, with the input as it was
 * given; `uri` is a `file://` URL for a path and empty for bytes and streams. `failed`: the service could
 * not annotate it, or its request failed; then the `error` is a SubmitError, whose `outcome` tells
 * whether it may be sent again. `notSubmitted`: the input could not be read or sent, see its `error`.
 * `missing`: the service left it out of its answer.
 */
export type AnnotatedRecord<V extends ApiVersion = "v1", Input = unknown> = ResultRecord<V> & {
  /** The input as it was given. */
  readonly input: Input;
};

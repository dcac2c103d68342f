import type { Feature } from "./feature-fields.ts";
import type { AnnotateImageResponseJson } from "./response-json.ts";

/** What goes with an image or a page. */
export interface AnnotateContext {
  /**
   * `ImageContext` in proto3 JSON form: `cropHintsParams.aspectRatios` is honoured;
   * `languageHints` are accepted, and the text is read as English whatever they say.
   */
  readonly imageContext?: Record<string, unknown>;
  /** What recorded responses are found by, beside the content. */
  readonly uri?: string;
  /** An abort stops the waiting and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A file with pages. */
export interface OpenedFile {
  readonly pageCount: number;
  /**
   * Annotates a page (1-based); the response has `context` with the URI and the page's number.
   * @throws RangeError for a page that the file does not have; otherwise as {@link Annotator.annotateImage}.
   */
  annotatePage(
    pageNumber: number,
    features: readonly Feature[],
    context: AnnotateContext,
  ): Promise<AnnotateImageResponseJson>;
  /** Lets go of the content; may be called again. */
  close(): Promise<void>;
}

/** Works out the annotations of images and files, or finds them among recorded responses. */
export interface Annotator {
  /**
   * One response in proto3 JSON form, without `context`. An image that cannot be read, or a feature
   * without a recording, gives `error`, beside the annotations that there are. Coordinates are those
   * of the image as it is seen: turned by its EXIF orientation.
   * @throws MissingPackageError, the signal's reason, or PoolClosedError after {@link close}; never
   * for what the image is.
   */
  annotateImage(
    content: Uint8Array,
    features: readonly Feature[],
    context: AnnotateContext,
  ): Promise<AnnotateImageResponseJson>;

  /**
   * Opens a PDF, TIFF or GIF by its mime type and counts its pages. The content is copied.
   * @throws UnreadableFileError for one that is damaged or is not of that type; MissingPackageError.
   */
  openFile(content: Uint8Array, mimeType: string): Promise<OpenedFile>;

  /**
   * The whole answer for an image whose content need not be read: recorded responses stand in for
   * every feature, there are none by content, and a URI pattern matches. Undefined otherwise.
   * Without `features` the recording is returned as it is.
   */
  recordedFor(uri: string, features?: readonly Feature[]): AnnotateImageResponseJson | undefined;

  /** Stops the worker threads; may be called again. */
  close(): Promise<void>;
}

/** How an annotator is built. */
export interface AnnotatorOptions {
  /** A folder of recorded responses; its form is told at `loadRecordedResponses`. */
  readonly recordedDir?: string;
  /** What they stand in for: the features that are not worked out here (default), or all. */
  readonly recordedFor?: "missing" | "all";
  /** The most worker threads (default: the cores less one, and at least 1); each takes about 200 MB once it reads text. */
  readonly workers?: number;
  /** The limit for an image or a page, from when the engines are loaded (default 30,000). */
  readonly imageTimeoutMs?: number;
  /**
   * Words that are less sure are left out, 0 to 1 (default: 0.75 for TEXT_DETECTION on images,
   * where texture looks like words, 0.3 for documents).
   */
  readonly minWordConfidence?: number;
}

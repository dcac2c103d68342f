import type {
  AnnotatedRecord,
  AnnotateFilesOptions,
  AnnotateImagesOptions,
  AnnotationPort,
  DetectOptions,
  FileInput,
  ImageContextInput,
  ImageInput,
  ImageResponse,
  InputSource,
} from "./annotation/index.ts";
import { annotateFiles, annotateImages, detect } from "./lazy-annotation.ts";
import type { ApiVersion } from "./protocol/api-version.ts";
import type { VersionsWithFeature } from "./protocol/features.ts";
import type { FeatureName } from "./protocol/message-init.ts";
import type { MessageVersion } from "./protocol/message-version.ts";
import type { TransportName } from "./protocol/method-table.ts";
import type { VersionsWith } from "./protocol/version-methods.ts";

/** A client whose version has a feature; `never` where it has not, so that the call does not compile. */
type Detecting<V extends ApiVersion, T extends TransportName, F extends FeatureName> = [
  MessageVersion<V, T>,
] extends [VersionsWithFeature<F>]
  ? AnnotatingClient<V, T>
  : never;

/** The same for the methods of files. */
type WithFiles<V extends ApiVersion, T extends TransportName> = [V] extends [
  VersionsWith<"batchAnnotateFiles", T>,
]
  ? AnnotatingClient<V, T>
  : never;

/** Where the answer to each feature stands in a response. */
const answerFields = {
  TEXT_DETECTION: "textAnnotations",
  DOCUMENT_TEXT_DETECTION: "fullTextAnnotation",
  FACE_DETECTION: "faceAnnotations",
  LABEL_DETECTION: "labelAnnotations",
  LANDMARK_DETECTION: "landmarkAnnotations",
  LOGO_DETECTION: "logoAnnotations",
  OBJECT_LOCALIZATION: "localizedObjectAnnotations",
  WEB_DETECTION: "webDetection",
  SAFE_SEARCH_DETECTION: "safeSearchAnnotation",
  IMAGE_PROPERTIES: "imagePropertiesAnnotation",
  CROP_HINTS: "cropHintsAnnotation",
  PRODUCT_SEARCH: "productSearchResults",
} as const satisfies Readonly<Record<FeatureName, keyof ImageResponse>>;

/**
 * What a feature finds, in the form of records (enums by name, what is not set absent): the field of the
 * response that is the feature's, e.g. `textAnnotations` for TEXT_DETECTION.
 */
export type FeatureResult<V extends ApiVersion, T extends TransportName, F extends FeatureName> =
  MessageVersion<V, T> extends infer W extends ApiVersion
    ? (typeof answerFields)[F] extends infer Field extends keyof ImageResponse<W>
      ? Exclude<ImageResponse<W>[Field], undefined>
      : never
    : never;

/** What to search for: a product set, its categories, a filter, where in the image. */
interface ProductSearch<W extends ApiVersion> {
  readonly productSearchParams: ImageContextInput<W> extends {
    readonly productSearchParams?: infer Params;
  }
    ? Exclude<Params, undefined>
    : never;
}

/** What every client can do with the methods that answer at once: any number of inputs, one feature of one image. */
export abstract class AnnotatingClient<
  V extends ApiVersion = "v1",
  T extends TransportName = "grpc",
> {
  readonly #port: AnnotationPort;

  protected constructor(port: AnnotationPort) {
    this.#port = port;
  }

  /**
   * Annotates any number of images at once, in requests of at most 16 images and 10 MB, and yields
   * one record an image in their order. Nothing is sent before the first record is asked for, and no
   * more than a few requests before their records are; leaving the loop and aborting cancel what is
   * under way. An image that cannot be read, or is larger than a request, is a record of its own
   * (`notSubmitted`). Each request is billed, so it is sent once; where it fails, its images are
   * `failed`, with the SubmitError. The records are of one iteration.
   * @throws InvalidRequestError for the options, what `inputs` throws, the signal's reason, and the
   * SubmitError with `stopOnError`; all from the iteration.
   */
  annotateImages<Input extends ImageInput<MessageVersion<V, T>>>(
    inputs: AsyncIterable<Input> | Iterable<Input>,
    options: AnnotateImagesOptions<MessageVersion<V, T>>,
  ): AsyncGenerator<AnnotatedRecord<MessageVersion<V, T>, Input>, void, void> {
    return annotateImages(this.#port, inputs, options);
  }

  /**
   * Annotates any number of PDF, TIFF and GIF files at once, 5 pages a request, and yields one record
   * a page, in the order of the files and their pages; a file that failed as a whole is one record. As
   * {@link AnnotatingClient.annotateImages} otherwise. The bytes of a file of many pages are sent with
   * every request: put it into Cloud Storage.
   * @throws InvalidRequestError for the options, what `inputs` throws, the signal's reason, and the
   * SubmitError with `stopOnError`; all from the iteration.
   */
  annotateFiles<Input extends FileInput<MessageVersion<V, T>>>(
    this: WithFiles<V, T>,
    inputs: AsyncIterable<Input> | Iterable<Input>,
    options: AnnotateFilesOptions<MessageVersion<V, T>>,
  ): AsyncGenerator<AnnotatedRecord<MessageVersion<V, T>, Input>, void, void> {
    const client = this as AnnotatingClient<V, T>;
    return annotateFiles(client.#port, inputs, options);
  }

  /**
   * Finds text in an image: the whole first, then each word with its place.
   * @throws InvalidRequestError, StorageError or VisionBatchError for an image that cannot be read or
   * sent; SubmitError; RpcError where the service could not annotate the image.
   */
  async detectText(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "TEXT_DETECTION">> {
    return this.#list("TEXT_DETECTION", image, options);
  }

  /**
   * Reads the dense text of an image as pages, blocks, paragraphs and words; undefined where there is none.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectDocumentText(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "DOCUMENT_TEXT_DETECTION"> | undefined> {
    return this.#one("DOCUMENT_TEXT_DETECTION", image, options);
  }

  /**
   * Finds faces.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectFaces(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "FACE_DETECTION">> {
    return this.#list("FACE_DETECTION", image, options);
  }

  /**
   * Tells what an image shows.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectLabels(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "LABEL_DETECTION">> {
    return this.#list("LABEL_DETECTION", image, options);
  }

  /**
   * Finds landmarks.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectLandmarks(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "LANDMARK_DETECTION">> {
    return this.#list("LANDMARK_DETECTION", image, options);
  }

  /**
   * Finds logos.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectLogos(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "LOGO_DETECTION">> {
    return this.#list("LOGO_DETECTION", image, options);
  }

  /**
   * Finds objects and their places.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectObjects(
    this: Detecting<V, T, "OBJECT_LOCALIZATION">,
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "OBJECT_LOCALIZATION">> {
    const client = this as AnnotatingClient<V, T>;
    return client.#list("OBJECT_LOCALIZATION", image, options);
  }

  /**
   * Finds where the web shows an image or its like; undefined where it does not.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectWeb(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "WEB_DETECTION"> | undefined> {
    return this.#one("WEB_DETECTION", image, options);
  }

  /**
   * Rates how likely an image is adult, spoof, medical, violent or racy; undefined where nothing was rated.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectSafeSearch(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "SAFE_SEARCH_DETECTION"> | undefined> {
    return this.#one("SAFE_SEARCH_DETECTION", image, options);
  }

  /**
   * Finds the dominant colours; undefined where there are none.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectImageProperties(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "IMAGE_PROPERTIES"> | undefined> {
    return this.#one("IMAGE_PROPERTIES", image, options);
  }

  /**
   * Suggests crops, of the `cropHintsParams.aspectRatios` of the image context; undefined where there are none.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async detectCropHints(
    image: InputSource,
    options?: DetectOptions<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "CROP_HINTS"> | undefined> {
    return this.#one("CROP_HINTS", image, options);
  }

  /**
   * Finds products of a product set that look like what an image shows; undefined where nothing was searched.
   * @throws as {@link AnnotatingClient.detectText}.
   */
  async searchProducts(
    this: Detecting<V, T, "PRODUCT_SEARCH">,
    image: InputSource,
    options: DetectOptions<MessageVersion<V, T>> & ProductSearch<MessageVersion<V, T>>,
  ): Promise<FeatureResult<V, T, "PRODUCT_SEARCH"> | undefined> {
    const client = this as AnnotatingClient<V, T>;
    const { productSearchParams, ...rest } = options as DetectOptions & ProductSearch<"v1">;
    const imageContext = { ...rest.imageContext, productSearchParams };
    return client.#one("PRODUCT_SEARCH", image, { ...rest, imageContext } as DetectOptions<
      MessageVersion<V, T>
    >);
  }

  async #list<F extends FeatureName>(
    feature: F,
    image: InputSource,
    options: DetectOptions<MessageVersion<V, T>> | undefined,
  ): Promise<FeatureResult<V, T, F>> {
    return (await this.#one(feature, image, options)) ?? ([] as unknown as FeatureResult<V, T, F>);
  }

  async #one<F extends FeatureName>(
    feature: F,
    image: InputSource,
    options: DetectOptions<MessageVersion<V, T>> | undefined,
  ): Promise<FeatureResult<V, T, F> | undefined> {
    const request = { image, feature };
    const response: object = await detect(
      this.#port,
      request,
      options ?? ({} as DetectOptions<MessageVersion<V, T>>),
    );
    type Fields = Readonly<Record<string, unknown>>;
    return (response as Fields)[answerFields[feature]] as FeatureResult<V, T, F> | undefined;
  }
}

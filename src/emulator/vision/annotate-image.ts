import type { AnnotateImageResponseJson } from "../annotators/annotator.ts";
import { ServiceError, statusToJson } from "../service-error.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { annotatorFeatures, imageUri, type AnnotateImageRequestJson } from "./request-json.ts";
import { annotateWithoutMissingSet } from "./refuse-product-search.ts";
import { readSource } from "./source-reader.ts";

/**
 * Annotates one image of a request; what is wrong with the image becomes the `error` of its response.
 * @throws what an annotator throws: MissingPackageError and the signal's reason.
 */
export async function annotateImage(
  parts: AnnotationParts,
  request: AnnotateImageRequestJson,
  signal: AbortSignal,
): Promise<AnnotateImageResponseJson> {
  return annotateWithoutMissingSet(parts.productSets, request, (possible) =>
    annotatePossible(parts, possible, signal),
  );
}

async function annotatePossible(
  parts: AnnotationParts,
  request: AnnotateImageRequestJson,
  signal: AbortSignal,
): Promise<AnnotateImageResponseJson> {
  const annotator = await parts.annotator();
  const recorded = hasContent(request)
    ? undefined
    : annotator.recordedFor(imageUri(request.image), annotatorFeatures(request.features));
  if (recorded !== undefined) return recorded;
  try {
    return await parts.imageSlots.run(() => annotateContent(parts, request, signal), signal);
  } catch (error) {
    if (error instanceof ServiceError) return { error: statusToJson(error) };
    throw error;
  }
}

async function annotateContent(
  { annotator, store }: AnnotationParts,
  request: AnnotateImageRequestJson,
  signal: AbortSignal,
): Promise<AnnotateImageResponseJson> {
  const { image, features, imageContext } = request;
  const uri = imageUri(image);
  const content = hasContent(request)
    ? Buffer.from(image?.content ?? "", "base64")
    : await readImage(store, uri, signal);
  const engine = await annotator();
  return engine.annotateImage(content, annotatorFeatures(features), {
    ...(imageContext === undefined ? {} : { imageContext }),
    ...(hasContent(request) ? {} : { uri }),
    signal,
  });
}

function readImage(
  store: AnnotationParts["store"],
  uri: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (uri.startsWith("gs://")) return readSource(store, uri, { kind: "image", signal });
  // The emulator fetches nothing from the web; the service says this of a URL that it cannot reach.
  throw new ServiceError({
    code: "INVALID_ARGUMENT",
    message:
      "The URL does not appear to be accessible by us. Please double check or download the content and pass it in.",
  });
}

function hasContent({ image }: AnnotateImageRequestJson): boolean {
  return image?.content !== undefined && image.content !== "";
}

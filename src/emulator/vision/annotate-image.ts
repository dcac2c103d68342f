import type { AnnotateImageResponseJson } from "../annotators/annotator.ts";
import { ServiceError, statusToJson } from "../service-error.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import { annotatorFeatures, imageUri, type AnnotateImageRequestJson } from "./request-json.ts";
import { readSource } from "./source-reader.ts";

/**
 * Annotates one image of a request; what is wrong with the image becomes the `error` of its response.
 * @throws what an annotator throws: MissingPackageError and the signal's reason.
 */
export async function annotateImage(
  { annotator, store }: AnnotationParts,
  { image, features, imageContext }: AnnotateImageRequestJson,
  signal: AbortSignal,
): Promise<AnnotateImageResponseJson> {
  const uri = imageUri(image);
  const fromContent = image?.content !== undefined && image.content !== "";
  const asked = annotatorFeatures(features);
  const engine = await annotator();
  try {
    const recorded = fromContent ? undefined : engine.recordedFor(uri, asked);
    if (recorded !== undefined) return recorded;
    const content = fromContent
      ? Buffer.from(image.content ?? "", "base64")
      : await readImage(store, uri, signal);
    return await engine.annotateImage(content, asked, {
      ...(imageContext === undefined ? {} : { imageContext }),
      ...(fromContent ? {} : { uri }),
      signal,
    });
  } catch (error) {
    if (error instanceof ServiceError) return { error: statusToJson(error) };
    throw error;
  }
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

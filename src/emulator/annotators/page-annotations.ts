import { cropHints } from "./crop-hints.ts";
import type { Engines } from "./engines.ts";
import type { Feature } from "./feature-fields.ts";
import { imageProperties } from "./image-properties.ts";
import type { PageImage } from "./page-image.ts";
import type { AnnotateImageResponseJson } from "./response-json.ts";
import { dropDoubtfulWords, toTextFields } from "./text-annotation.ts";
import type { RecognizedBlock } from "./text-recognizer.ts";
import type { AnnotationRequest } from "./worker-messages.ts";

/** An image stands for itself, a page belongs to a file. */
export type ImageKind = "image" | "page";

// Texture in photos is read as words of 0.3 to 0.7; on documents such words are mostly faint print.
const minPhotoConfidence = 0.75;
const minDocumentConfidence = 0.3;

/** Loads what the features need, so that the time it takes does not count against an image. */
export async function loadEngines(engines: Engines, features: readonly Feature[]): Promise<void> {
  await engines.sharp();
  if (wantsText(features)) await engines.textRecognizer();
  if (find(features, "CROP_HINTS") !== undefined) await engines.smartcrop();
}

/** Works out the features that need nothing but the pixels. */
export async function annotatePage(
  engines: Engines,
  image: PageImage,
  { request, kind }: { readonly request: AnnotationRequest; readonly kind: ImageKind },
): Promise<AnnotateImageResponseJson> {
  const sharp = await engines.sharp();
  const properties = find(request.features, "IMAGE_PROPERTIES");
  return {
    ...(wantsText(request.features)
      ? toTextFields(await readText(engines, image, { request, kind }), image, kind)
      : {}),
    ...(properties === undefined
      ? {}
      : await imageProperties(sharp, image.pixels, properties.maxResults)),
    ...(find(request.features, "CROP_HINTS") === undefined
      ? {}
      : await cropHints(
          { sharp, smartcrop: await engines.smartcrop() },
          image,
          request.aspectRatios,
        )),
  };
}

/** DOCUMENT_TEXT_DETECTION wins where both are asked; pages of files are documents. */
async function readText(
  engines: Engines,
  { pixels }: PageImage,
  { request, kind }: { readonly request: AnnotationRequest; readonly kind: ImageKind },
): Promise<readonly RecognizedBlock[]> {
  const recognizer = await engines.textRecognizer();
  const document = kind === "page" || find(request.features, "DOCUMENT_TEXT_DETECTION");
  const byDefault = document ? minDocumentConfidence : minPhotoConfidence;
  const minConfidence = request.minWordConfidence ?? byDefault;
  return dropDoubtfulWords(await recognizer.recognize(pixels), minConfidence);
}

function wantsText(features: readonly Feature[]): boolean {
  return features.some(
    ({ type }) => type === "TEXT_DETECTION" || type === "DOCUMENT_TEXT_DETECTION",
  );
}

function find(features: readonly Feature[], type: string): Feature | undefined {
  return features.find((feature) => feature.type === type);
}

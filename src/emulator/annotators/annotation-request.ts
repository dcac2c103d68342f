import type { AnnotateContext } from "./annotator-types.ts";
import type { Feature } from "./feature-fields.ts";
import type { AnnotationRequest } from "./worker-messages.ts";

// Source: CropHintsParams.aspect_ratios in image_annotator.proto: those after the 16th are ignored.
const maxAspectRatios = 16;

/** What a worker needs to know of a request; aspect ratios that are none are left out. */
export function toRequest(
  features: readonly Feature[],
  { imageContext }: AnnotateContext,
  minWordConfidence: number | undefined,
): AnnotationRequest {
  const params = imageContext?.["cropHintsParams"] as
    { readonly aspectRatios?: unknown } | null | undefined;
  const ratios: readonly unknown[] = Array.isArray(params?.aspectRatios) ? params.aspectRatios : [];
  const aspectRatios = ratios
    .filter((ratio) => typeof ratio === "number" && ratio > 0 && Number.isFinite(ratio))
    .slice(0, maxAspectRatios) as readonly number[];
  const limit = minWordConfidence === undefined ? {} : { minWordConfidence };
  return {
    features: features.map(({ type, maxResults = 0 }) => ({ type, maxResults })),
    aspectRatios,
    ...limit,
  };
}

import type { AnnotateImageResponseJson } from "../annotators/annotator.ts";
import { isPlainJson, textOf } from "../plain-json.ts";
import { statusToJson } from "../service-error.ts";
import type { AnnotationParts } from "./annotation-parts.ts";
import type { FeatureJson } from "./request-json.ts";

/** What of the request for an image or file a search is looked for in. */
interface Searching {
  readonly features?: readonly FeatureJson[];
  readonly imageContext?: Readonly<Record<string, unknown>>;
}

/** Whether a request searches a product set that there is not. */
export function searchesMissingSet(
  productSets: AnnotationParts["productSets"],
  { features = [], imageContext }: Searching,
): boolean {
  if (!features.some(isSearch)) return false;
  const name = productSetOf(imageContext);
  return name !== "" && !productSets.hasProductSet(name);
}

/** Annotates without a search of a product set that there is not; that is the `error` of the response. */
export async function annotateWithoutMissingSet<Request extends Searching>(
  productSets: AnnotationParts["productSets"],
  request: Request,
  annotate: (request: Request) => Promise<AnnotateImageResponseJson>,
): Promise<AnnotateImageResponseJson> {
  if (!searchesMissingSet(productSets, request)) return annotate(request);
  const features = (request.features ?? []).filter((feature) => !isSearch(feature));
  const message = `ProductSet with name '${productSetOf(request.imageContext)}' not found.`;
  const error = statusToJson({ code: "NOT_FOUND", message });
  return { error, ...(await annotate({ ...request, features })) };
}

function isSearch({ type }: FeatureJson): boolean {
  return type === "PRODUCT_SEARCH";
}

function productSetOf(imageContext: Searching["imageContext"]): string {
  const params = imageContext?.["productSearchParams"];
  return isPlainJson(params) ? textOf(params["productSet"]) : "";
}

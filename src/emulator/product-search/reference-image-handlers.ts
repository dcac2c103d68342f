import type { PlainJson } from "../plain-json.ts";
import { invalidArgument } from "../service-error.ts";
import { checkId, checkImageUri, checkName, checkPolygons } from "./check-product-fields.ts";
import {
  checked,
  messageOf,
  type ProductHandler,
  type ProductSearchParts,
} from "./handler-parts.ts";
import { answerPage, checkPage } from "./page-of-list.ts";
import { checkReadable } from "./readable-image.ts";

/** The methods of reference images, by name. */
export function referenceImageHandlers(
  parts: ProductSearchParts,
): Readonly<Record<string, ProductHandler>> {
  const { catalog } = parts;
  return {
    CreateReferenceImage: (call) => createReferenceImage(parts, call.request, call.signal),
    ListReferenceImages: ({ request }) => {
      const { parent, page } = checked((violations) => ({
        parent: checkName("product", request["parent"], { field: "parent", violations }),
        page: checkPage(request, violations),
      }));
      catalog.product(parent);
      const answer = answerPage("referenceImages", catalog.referenceImages(parent, page));
      return { ...answer, pageSize: page.size };
    },
    GetReferenceImage: ({ request }) => ({ ...catalog.referenceImage(nameIn(request)) }),
    DeleteReferenceImage: ({ request }) => {
      catalog.deleteReferenceImage(nameIn(request));
      return {};
    },
  };
}

async function createReferenceImage(
  { catalog, store }: ProductSearchParts,
  request: PlainJson,
  signal: AbortSignal,
): Promise<PlainJson> {
  const given = messageOf(request["referenceImage"]);
  const { parent, id, image } = checked((violations) => {
    const at = (field: string) => ({ field, violations });
    return {
      parent: checkName("product", request["parent"], at("parent")),
      id: checkId(request["referenceImageId"], at("referenceImageId")),
      image: {
        uri: checkImageUri(given["uri"], at("referenceImage.uri")),
        boundingPolys: checkPolygons(given["boundingPolys"], at("referenceImage.boundingPolys")),
      },
    };
  });
  await checkReadable(store, image, signal);
  if (!catalog.hasProduct(parent)) {
    // Source: the comment of CreateReferenceImage in product_search_service.proto, which has no NOT_FOUND here.
    throw invalidArgument([
      { field: "parent", description: `Product '${parent}' does not exist.` },
    ]);
  }
  return { ...catalog.createReferenceImage(parent, id, image) };
}

function nameIn({ name }: PlainJson): string {
  return checked((violations) => checkName("referenceImage", name, { field: "name", violations }));
}

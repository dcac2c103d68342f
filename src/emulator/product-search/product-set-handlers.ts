import { checkDisplayName, checkId, checkName } from "./check-product-fields.ts";
import {
  checked,
  messageOf,
  versionOf,
  type ProductHandler,
  type ProductSearchParts,
} from "./handler-parts.ts";
import { answerPage, checkPage } from "./page-of-list.ts";
import { checkUpdateMask } from "./update-mask.ts";

/** The methods of product sets, by name. */
export function productSetHandlers({
  catalog,
}: ProductSearchParts): Readonly<Record<string, ProductHandler>> {
  return {
    CreateProductSet: ({ request }) => {
      const { parent, id, displayName } = checked((violations) => ({
        parent: checkName("location", request["parent"], { field: "parent", violations }),
        id: checkId(request["productSetId"], { field: "productSetId", violations }),
        displayName: checkDisplayName(messageOf(request["productSet"])["displayName"], {
          field: "productSet.displayName",
          violations,
        }),
      }));
      return { ...catalog.createProductSet(parent, id, displayName) };
    },
    ListProductSets: ({ request }) => {
      const { parent, page } = checked((violations) => ({
        parent: checkName("location", request["parent"], { field: "parent", violations }),
        page: checkPage(request, violations),
      }));
      return answerPage("productSets", catalog.productSets(parent, page));
    },
    GetProductSet: ({ request }) => ({ ...catalog.productSet(nameIn(request)) }),
    UpdateProductSet: ({ request }) => {
      const set = messageOf(request["productSet"]);
      const { name, displayName } = checked((violations) => {
        checkUpdateMask(request["updateMask"], ["displayName"], violations);
        return {
          name: checkName("productSet", set["name"], { field: "productSet.name", violations }),
          displayName: checkDisplayName(set["displayName"], {
            field: "productSet.displayName",
            violations,
          }),
        };
      });
      return { ...catalog.renameProductSet(name, displayName) };
    },
    DeleteProductSet: (call) => {
      const name = nameIn(call.request);
      const products = catalog.productsIn(name);
      catalog.deleteProductSet(name);
      // Source: the comment of DeleteProductSet in product_search_service.proto of each version.
      if (versionOf(call) === "v1p3beta1")
        for (const product of products) catalog.deleteProduct(product);
      return {};
    },
  };
}

function nameIn({ name }: Readonly<Record<string, unknown>>): string {
  return checked((violations) => checkName("productSet", name, { field: "name", violations }));
}

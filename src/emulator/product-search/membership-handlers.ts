import type { PlainJson } from "../plain-json.ts";
import { invalidArgument, ServiceError } from "../service-error.ts";
import { checkName } from "./check-product-fields.ts";
import {
  checked,
  versionOf,
  type ProductHandler,
  type ProductSearchParts,
} from "./handler-parts.ts";
import { answerPage, checkPage } from "./page-of-list.ts";
import { locationOf } from "./resource-names.ts";

/** The methods that put products into product sets, by name. */
export function membershipHandlers({
  catalog,
}: ProductSearchParts): Readonly<Record<string, ProductHandler>> {
  return {
    AddProductToProductSet: ({ request }) => {
      const { set, product } = namesIn(request);
      catalog.addToProductSet(set, product);
      return {};
    },
    RemoveProductFromProductSet: (call) => {
      const { set, product } = namesIn(call.request);
      const removed = catalog.removeFromProductSet(set, product);
      // Source: the comment of RemoveProductFromProductSet, which names this error in v1p3beta1 alone.
      if (!removed && versionOf(call) === "v1p3beta1") {
        const message = `Product '${product}' is not found under ProductSet '${set}'.`;
        throw new ServiceError({ code: "NOT_FOUND", message });
      }
      return {};
    },
    ListProductsInProductSet: ({ request }) => {
      const { set, page } = checked((violations) => ({
        set: checkName("productSet", request["name"], { field: "name", violations }),
        page: checkPage(request, violations),
      }));
      return answerPage("products", catalog.productsInSet(set, page));
    },
  };
}

function namesIn(request: PlainJson): { readonly set: string; readonly product: string } {
  const names = checked((violations) => ({
    set: checkName("productSet", request["name"], { field: "name", violations }),
    product: checkName("product", request["product"], { field: "product", violations }),
  }));
  if (locationOf(names.set) === locationOf(names.product)) return names;
  throw invalidArgument([
    { field: "product", description: "The Product and the ProductSet are in different locations." },
  ]);
}

import { maxProductLabels } from "../../protocol/product-limits.ts";
import type { ProductSearchVersion } from "../../protocol/product-methods.ts";
import type { PlainJson } from "../plain-json.ts";
import type { Violations } from "../vision/violations.ts";
import {
  checkCategory,
  checkDescription,
  checkDisplayName,
  checkId,
  checkLabels,
  checkName,
} from "./check-product-fields.ts";
import {
  checked,
  messageOf,
  versionOf,
  type ProductHandler,
  type ProductSearchParts,
} from "./handler-parts.ts";
import { answerPage, checkPage } from "./page-of-list.ts";
import type { ProductJson, ProductLabelJson } from "./product-resources.ts";
import { checkUpdateMask } from "./update-mask.ts";

/** The fields of a product that may be changed; they are empty where a product has none. */
interface Changeable {
  readonly displayName: string;
  readonly description: string;
  readonly productLabels: readonly ProductLabelJson[];
}

const changeable = ["displayName", "description", "productLabels"] as const;

/** The methods of products, by name. */
export function productHandlers({
  catalog,
}: ProductSearchParts): Readonly<Record<string, ProductHandler>> {
  return {
    CreateProduct: (call) => {
      const { request } = call;
      const product = messageOf(request["product"]);
      const { parent, id, fields, productCategory } = checked((violations) => ({
        parent: checkName("location", request["parent"], { field: "parent", violations }),
        id: checkId(request["productId"], { field: "productId", violations }),
        fields: checkChanges(product, new Set(changeable), {
          version: versionOf(call),
          violations,
        }),
        productCategory: checkCategory(product["productCategory"], {
          field: "product.productCategory",
          violations,
        }),
      }));
      return { ...catalog.createProduct(parent, id, filled(fields, productCategory)) };
    },
    ListProducts: ({ request }) => {
      const { parent, page } = checked((violations) => ({
        parent: checkName("location", request["parent"], { field: "parent", violations }),
        page: checkPage(request, violations),
      }));
      return answerPage("products", catalog.products(parent, page));
    },
    GetProduct: ({ request }) => ({ ...catalog.product(nameIn(request)) }),
    UpdateProduct: (call) => {
      const product = messageOf(call.request["product"]);
      const { name, changes } = checked((violations) => {
        const mask = checkUpdateMask(call.request["updateMask"], changeable, violations);
        const version = versionOf(call);
        return {
          name: checkName("product", product["name"], { field: "product.name", violations }),
          changes: checkChanges(product, mask, { version, violations }),
        };
      });
      const before = catalog.product(name);
      const { displayName, description = "", productLabels = [], productCategory } = before;
      const fields = { displayName, description, productLabels, ...changes };
      const after: ProductJson = { name, ...filled(fields, productCategory) };
      catalog.replaceProduct(after);
      return { ...after };
    },
    DeleteProduct: ({ request }) => {
      catalog.deleteProduct(nameIn(request));
      return {};
    },
  };
}

/** The changeable fields of a product that a mask names. */
function checkChanges(
  product: PlainJson,
  mask: ReadonlySet<string>,
  {
    version,
    violations,
  }: { readonly version: ProductSearchVersion; readonly violations: Violations },
): Partial<Changeable> {
  const at = (name: string) => ({ field: `product.${name}`, violations });
  const { displayName, description, productLabels } = product;
  return {
    ...(mask.has("displayName") && {
      displayName: checkDisplayName(displayName, at("displayName")),
    }),
    ...(mask.has("description") && {
      description: checkDescription(description, at("description")),
    }),
    ...(mask.has("productLabels") && {
      productLabels: checkLabels(productLabels, maxProductLabels(version), at("productLabels")),
    }),
  };
}

/** A product without the fields that are empty. */
function filled(fields: Partial<Changeable>, productCategory: string): Omit<ProductJson, "name"> {
  const { displayName = "", description = "", productLabels = [] } = fields;
  return {
    displayName,
    ...(description === "" ? {} : { description }),
    productCategory,
    ...(productLabels.length === 0 ? {} : { productLabels }),
  };
}

function nameIn({ name }: PlainJson): string {
  return checked((violations) => checkName("product", name, { field: "name", violations }));
}

import { setImmediate as nextTurn } from "node:timers/promises";
import type { Operation } from "../operations/operation.ts";
import type { PlainJson } from "../plain-json.ts";
import type { ProductCatalog } from "./product-catalog.ts";
import { productSetName } from "./resource-names.ts";

/** An accepted purge: the products of a set, or those of no set. */
export interface PurgeRequest {
  readonly location: string;
  /** Empty for the products of no set. */
  readonly productSetId: string;
}

/**
 * Deletes the products that a purge is about when it begins. Answers the fields of Empty.
 * @throws ServiceError NOT_FOUND for a set that there is not.
 */
export async function purgeProducts(
  catalog: ProductCatalog,
  { location, productSetId }: PurgeRequest,
  operation: Operation,
): Promise<PlainJson> {
  const set = productSetName(location, productSetId);
  if (productSetId !== "") catalog.productSet(set);
  const names = productSetId === "" ? catalog.orphans(location) : catalog.productsIn(set);
  for (const name of names) {
    await nextTurn();
    operation.signal.throwIfAborted();
    if (catalog.hasProduct(name)) catalog.deleteProduct(name);
  }
  return {};
}

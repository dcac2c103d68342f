import { expect } from "chai";
import {
  ProductSearchClient,
  type OperationHandle,
  type PagedList,
  type ProductOf,
} from "../src/index.ts";
import type {
  BatchOperationMetadata,
  ImportProductSetsResponse,
  Product,
} from "../src/protocol/v1.ts";
import type { ProductSet as OldProductSet } from "../src/protocol/v1p3beta1.ts";

/** Compiles only where the value is of the type. */
function is<T>(value: T): T {
  return value;
}

// Never called: what is tested is whether it compiles, and each expected error must be one.
export async function typesOfTheClient(): Promise<void> {
  const v1 = new ProductSearchClient();
  const v1p3 = new ProductSearchClient({ version: "v1p3beta1" });
  const v1p4 = new ProductSearchClient({ version: "v1p4beta1", transport: "rest" });
  const parent = "projects/p/locations/us-west1";
  const target = { productSetPurgeConfig: { productSetId: "s" }, force: true };

  is<Product>(await v1.createProduct({ parent, product: { displayName: "x" } }));
  is<PagedList<Product>>(v1.listProducts({ parent, pageSize: 5 }));
  is<ProductOf>(await v1.getProduct({ name: "n" }));
  is<OldProductSet>(await v1p3.getProductSet({ name: "n" }));
  const handle = await v1.importProductSets({ parent, inputConfig: { gcsSource: {} } });
  is<OperationHandle<ImportProductSetsResponse, BatchOperationMetadata>>(handle);
  await v1.purgeProducts(target);
  await v1p4.purgeProducts(target);
  await v1.updateProduct({ product: { name: "n" }, updateMask: ["description"] });
  await is<Promise<void>>(v1.deleteProduct({ name: "n" }));

  // @ts-expect-error v1p3beta1 has no purge
  await v1p3.purgeProducts(target);
  // @ts-expect-error v1p1beta1 has no Product Search
  new ProductSearchClient({ version: "v1p1beta1" });
  // @ts-expect-error there is no such field
  await v1.createProduct({ parent, products: {} });
  // @ts-expect-error there is no such field in a product
  await v1.createProduct({ parent, product: { title: "x" } });
  // @ts-expect-error the display name is text
  await v1.createProduct({ parent, product: { displayName: 5 } });
  // @ts-expect-error a product is got by its name
  await v1.getProduct({ parent });
  // @ts-expect-error an item is a product, not a set
  is<PagedList<OldProductSet>>(v1.listProducts({ parent }));
}

describe("types of ProductSearchClient", () => {
  it("are checked by the compiler, in this file", () => {
    expect(typesOfTheClient).to.be.a("function");
  });
});

import { ClientCore, type ListOperationsOptions } from "./client-core.ts";
import type { OperationHandle, OperationToken } from "./operations/index.ts";
import type { PagedList } from "./paged-list.ts";
import { ProductSearchCalls } from "./product-search-calls.ts";
import {
  checkProductSearchOptions,
  type ProductSearchClientOptions,
} from "./product-search-options.ts";
import type {
  ProductMetadataOf,
  ProductRequestOf,
  ProductResponseOf,
  ProductResultOf,
  ProductSearchMethod,
  ProductSearchVersion,
  VersionsWithProduct,
} from "./protocol/product-methods.ts";
import type { CallOptions } from "./transport/index.ts";

/** A `Product` of a version. */
export type ProductOf<V extends ProductSearchVersion = "v1"> = ProductResponseOf<V, "getProduct">;

/** A `ProductSet` of a version. */
export type ProductSetOf<V extends ProductSearchVersion = "v1"> = ProductResponseOf<
  V,
  "getProductSet"
>;

/** A `ReferenceImage` of a version. */
export type ReferenceImageOf<V extends ProductSearchVersion = "v1"> = ProductResponseOf<
  V,
  "getReferenceImage"
>;

/** A client whose version has a method; `never` where it has not, so that the call does not compile. */
type Having<V extends ProductSearchVersion, M extends ProductSearchMethod> = [V] extends [
  VersionsWithProduct<M>,
]
  ? ProductSearchClient<V>
  : never;

/**
 * A client of Product Search, which Vision searches when PRODUCT_SEARCH is asked for: product sets,
 * products and their reference images. Creating one reads the options and nothing else.
 *
 * Every method checks its request before anything is sent (InvalidRequestError). What can be
 * repeated (get, list, update, delete, add, remove) is retried when it fails for a moment, and then
 * throws RpcError. What makes something new (create, import) and purge have no key that would tell
 * a repetition, so they are sent once and throw SubmitError, whose `outcome` tells whether the
 * service may have taken them.
 */
export class ProductSearchClient<V extends ProductSearchVersion = "v1"> implements AsyncDisposable {
  /** The version of the API that this client speaks. */
  readonly version: V;
  readonly #core: ClientCore;
  readonly #calls: ProductSearchCalls;

  /** @throws VisionBatchError for options that cannot be used. */
  constructor(options: ProductSearchClientOptions<V> = {}) {
    checkProductSearchOptions(options);
    this.version = options.version ?? ("v1" as V);
    this.#core = new ClientCore(options);
    this.#calls = new ProductSearchCalls(this.#core, this.version);
  }

  /** Creates a product set, under an id of the service's own where `productSetId` is not given. */
  createProductSet(
    request: ProductRequestOf<V, "createProductSet">,
    options?: CallOptions,
  ): Promise<ProductSetOf<V>> {
    return this.#calls.create("createProductSet", request, options);
  }

  /** The product sets of a location; `pageSize` is at most 100, and 10 where it is not given. */
  listProductSets(
    request: ProductRequestOf<V, "listProductSets"> = {} as never,
    options?: CallOptions,
  ): PagedList<ProductSetOf<V>> {
    return this.#calls.list("listProductSets", "productSets", { request, options });
  }

  /** Gets a product set. */
  getProductSet(
    request: ProductRequestOf<V, "getProductSet">,
    options?: CallOptions,
  ): Promise<ProductSetOf<V>> {
    return this.#calls.repeat("getProductSet", request, options);
  }

  /** Changes the display name of a product set. */
  updateProductSet(
    request: ProductRequestOf<V, "updateProductSet">,
    options?: CallOptions,
  ): Promise<ProductSetOf<V>> {
    return this.#calls.repeat("updateProductSet", request, options);
  }

  /**
   * Deletes a product set for good; v1p3beta1 deletes its products too. Where an attempt is repeated
   * because its answer was lost, finding nothing is success; so for everything that is deleted.
   */
  async deleteProductSet(
    request: ProductRequestOf<V, "deleteProductSet">,
    options?: CallOptions,
  ): Promise<void> {
    await this.#calls.repeat("deleteProductSet", request, options);
  }

  /** Creates a product, under an id of the service's own where `productId` is not given. */
  createProduct(
    request: ProductRequestOf<V, "createProduct">,
    options?: CallOptions,
  ): Promise<ProductOf<V>> {
    return this.#calls.create("createProduct", request, options);
  }

  /** The products of a location; `pageSize` is at most 100, and 10 where it is not given. */
  listProducts(
    request: ProductRequestOf<V, "listProducts"> = {} as never,
    options?: CallOptions,
  ): PagedList<ProductOf<V>> {
    return this.#calls.list("listProducts", "products", { request, options });
  }

  /** Gets a product. */
  getProduct(
    request: ProductRequestOf<V, "getProduct">,
    options?: CallOptions,
  ): Promise<ProductOf<V>> {
    return this.#calls.repeat("getProduct", request, options);
  }

  /**
   * Changes the display name, description and labels of a product: those that are given, or those
   * that `updateMask` names as the proto spells them, e.g. `["product_labels"]`. An `updateMask` that
   * names a field which is not given empties it, and an empty one changes all three.
   */
  updateProduct(
    request: ProductRequestOf<V, "updateProduct">,
    options?: CallOptions,
  ): Promise<ProductOf<V>> {
    return this.#calls.repeat("updateProduct", request, options);
  }

  /** Deletes a product and its reference images for good; the images stay in Cloud Storage. */
  async deleteProduct(
    request: ProductRequestOf<V, "deleteProduct">,
    options?: CallOptions,
  ): Promise<void> {
    await this.#calls.repeat("deleteProduct", request, options);
  }

  /** Adds an image in Cloud Storage to a product; without `boundingPolys` the service looks for the product in it. */
  createReferenceImage(
    request: ProductRequestOf<V, "createReferenceImage">,
    options?: CallOptions,
  ): Promise<ReferenceImageOf<V>> {
    return this.#calls.create("createReferenceImage", request, options);
  }

  /** The reference images of a product; `pageSize` is at most 100, and 10 where it is not given. */
  listReferenceImages(
    request: ProductRequestOf<V, "listReferenceImages">,
    options?: CallOptions,
  ): PagedList<ReferenceImageOf<V>> {
    return this.#calls.list("listReferenceImages", "referenceImages", { request, options });
  }

  /** Gets a reference image. */
  getReferenceImage(
    request: ProductRequestOf<V, "getReferenceImage">,
    options?: CallOptions,
  ): Promise<ReferenceImageOf<V>> {
    return this.#calls.repeat("getReferenceImage", request, options);
  }

  /** Deletes a reference image for good; the image stays in Cloud Storage. */
  async deleteReferenceImage(
    request: ProductRequestOf<V, "deleteReferenceImage">,
    options?: CallOptions,
  ): Promise<void> {
    await this.#calls.repeat("deleteReferenceImage", request, options);
  }

  /** Puts a product into a product set; one that is there already stays. A product is in at most 100 sets. */
  async addProductToProductSet(
    request: ProductRequestOf<V, "addProductToProductSet">,
    options?: CallOptions,
  ): Promise<void> {
    await this.#calls.repeat("addProductToProductSet", request, options);
  }

  /** Takes a product out of a product set; v1p3beta1 answers NOT_FOUND for one that is not in it, which is success after a lost answer. */
  async removeProductFromProductSet(
    request: ProductRequestOf<V, "removeProductFromProductSet">,
    options?: CallOptions,
  ): Promise<void> {
    await this.#calls.repeat("removeProductFromProductSet", request, options);
  }

  /** The products of a product set, none where there is no such set; `pageSize` is at most 100, and 10 where it is not given. */
  listProductsInProductSet(
    request: ProductRequestOf<V, "listProductsInProductSet">,
    options?: CallOptions,
  ): PagedList<ProductOf<V>> {
    return this.#calls.list("listProductsInProductSet", "products", { request, options });
  }

  /**
   * Starts the import of a CSV file in Cloud Storage, one reference image a line; product sets and
   * products that there are not are created. The result has a status for each line.
   */
  async importProductSets(
    request: ProductRequestOf<V, "importProductSets">,
    options?: CallOptions,
  ): Promise<
    OperationHandle<
      ProductResultOf<V, "importProductSets">,
      ProductMetadataOf<V, "importProductSets">
    >
  > {
    return this.#calls.start("importProductSets", request, options);
  }

  /**
   * Starts to delete all products of a product set, or all that are in none; `force: true` says that
   * it is meant. It cannot be undone.
   */
  async purgeProducts(
    this: Having<V, "purgeProducts">,
    request: ProductRequestOf<V, "purgeProducts">,
    options?: CallOptions,
  ): Promise<
    OperationHandle<ProductResultOf<V, "purgeProducts">, ProductMetadataOf<V, "purgeProducts">>
  > {
    const client = this as ProductSearchClient<V>;
    return client.#calls.start("purgeProducts", request, options);
  }

  /**
   * A handle of an operation that was started before, here or elsewhere, by its name or token;
   * nothing is sent.
   * @throws VisionBatchError for what is neither a name nor a token.
   */
  operation<Result = unknown, Metadata = unknown>(
    reference: string | OperationToken,
  ): OperationHandle<Result, Metadata> {
    return this.#core.operation(reference);
  }

  /**
   * The operations that the service still knows, page after page as they are needed. The live
   * service may not offer this (UNIMPLEMENTED).
   * @throws RpcError.
   */
  listOperations(options: ListOperationsOptions = {}): AsyncGenerator<OperationHandle, void, void> {
    return this.#core.listOperations(options);
  }

  /**
   * Closes the connections. What was sent is still answered; later calls are refused, and who waits
   * for an operation is told so at once, by an RpcError of the code FAILED_PRECONDITION.
   */
  async close(): Promise<void> {
    await this.#core.close();
  }

  /** As {@link ProductSearchClient.close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

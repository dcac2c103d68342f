import { checkClientOptions, type SharedClientOptions } from "./client-options.ts";
import { VisionBatchError } from "./errors/index.ts";
import { productSearchVersions, type ProductSearchVersion } from "./protocol/product-methods.ts";

/** Options of a ProductSearchClient. */
export interface ProductSearchClientOptions<V extends ProductSearchVersion = "v1"> extends Omit<
  SharedClientOptions,
  "version" | "location"
> {
  /** The version of the API. Default `v1`. */
  readonly version?: V | undefined;
  /**
   * The location that `parent` names where a request has none: `us-west1`, `us-east1`,
   * `europe-west1` or `asia-east1`, which are not those of annotation.
   * Source: https://cloud.google.com/vision/product-search/docs/create-product-set
   */
  readonly location?: string | undefined;
}

/**
 * Checks the options of a client of Product Search.
 * @throws VisionBatchError naming every option that is wrong.
 */
export function checkProductSearchOptions<V extends ProductSearchVersion>(
  options: ProductSearchClientOptions<V>,
): void {
  const { version = "v1", location, ...shared } = options;
  checkClientOptions(shared);
  if (!(productSearchVersions as readonly string[]).includes(version)) {
    const versions = productSearchVersions.join(", ");
    throw new VisionBatchError(
      `a client cannot have these options: version must be one of ${versions}`,
    );
  }
  if (location !== undefined && !/^[a-z][a-z0-9-]*$/.test(location)) {
    throw new VisionBatchError(
      "a client cannot have these options: location must be the id of a location, e.g. us-west1",
    );
  }
}

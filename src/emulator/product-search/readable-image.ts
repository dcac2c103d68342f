import { StorageError } from "../../errors/index.ts";
import type { ObjectStore } from "../../storage/object-store.ts";
import { invalidArgument } from "../service-error.ts";
import type { PolygonJson } from "./product-resources.ts";

/**
 * Looks for an image that the service would have to read: where no polygon says what to look at, it
 * detects that. Source: the comment of CreateReferenceImage in product_search_service.proto.
 * @throws ServiceError INVALID_ARGUMENT for one that is not there.
 */
export async function checkReadable(
  store: ObjectStore,
  { uri, boundingPolys }: { readonly uri: string; readonly boundingPolys: readonly PolygonJson[] },
  signal: AbortSignal,
): Promise<void> {
  if (boundingPolys.length > 0) return;
  const found = await store.stat(uri, { signal }).catch((error: unknown) => {
    if (error instanceof StorageError) return undefined;
    throw error;
  });
  if (found === undefined) {
    throw invalidArgument([
      { field: "referenceImage.uri", description: `Error opening file: ${uri}.` },
    ]);
  }
}

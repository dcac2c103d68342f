import type { ApiVersion } from "../protocol/api-version.ts";
import { loadJsonTables } from "../protocol/json/load-json-codec.ts";
import { createTypeRegistry } from "../protocol/json/type-registry.ts";
import type { MaskNode } from "./mask/mask-node.ts";

/** Reads a mask of the responses of a version; undefined where everything is read. @throws ReadMaskError */
export async function loadReadMask(
  mask: string | readonly string[] | undefined,
  version: ApiVersion,
): Promise<MaskNode | undefined> {
  if (mask === undefined) return undefined;
  const { parseReadMask } = await import("./mask/parse-read-mask.ts");
  const registry = createTypeRegistry(await loadJsonTables(version));
  const typeName = `google.cloud.vision.${version}.AnnotateImageResponse`;
  return parseReadMask(mask, { registry, typeName });
}

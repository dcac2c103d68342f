import { textOf } from "../plain-json.ts";
import type { Violations } from "../vision/violations.ts";

/**
 * The fields that an update is about, in camelCase; all that can be changed where the request names none.
 * Source: UpdateProductRequest.update_mask in product_search_service.proto.
 */
export function checkUpdateMask(
  updateMask: unknown,
  mutable: readonly string[],
  violations: Violations,
): ReadonlySet<string> {
  const paths = textOf(updateMask)
    .split(",")
    .filter((path) => path !== "");
  for (const path of paths) {
    if (mutable.includes(path)) continue;
    violations.add(
      "updateMask",
      `Invalid update_mask path ${JSON.stringify(toSnakeCase(path))}: the valid paths are ` +
        `${mutable.map(toSnakeCase).join(", ")}.`,
    );
  }
  return new Set(paths.length === 0 ? mutable : paths);
}

function toSnakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

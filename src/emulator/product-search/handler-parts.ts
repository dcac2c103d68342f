import type { EmulatedCall } from "../emulated-call.ts";
import type { PlainJson } from "../plain-json.ts";
import { isPlainJson } from "../plain-json.ts";
import { Violations } from "../vision/violations.ts";
import type { ObjectStore } from "../../storage/object-store.ts";
import type { ProductSearchVersion } from "../../protocol/product-methods.ts";
import type { ProductCatalog } from "./product-catalog.ts";

/** What the methods of ProductSearch work on. */
export interface ProductSearchParts {
  readonly catalog: ProductCatalog;
  readonly store: ObjectStore;
}

/** Answers a call whose answer needs no waiting. */
export type ProductHandler = (call: EmulatedCall) => PlainJson | Promise<PlainJson>;

/** Runs the checks of a request. @throws ServiceError INVALID_ARGUMENT that names every field at fault. */
export function checked<T>(check: (violations: Violations) => T): T {
  const violations = new Violations();
  const request = check(violations);
  violations.throwIfAny();
  return request;
}

/** A message in a request; one without fields where it is absent. */
export function messageOf(value: unknown): PlainJson {
  return isPlainJson(value) ? value : {};
}

/** The version that a call came by; versions without ProductSearch have none of its methods. */
export function versionOf({ version = "v1" }: EmulatedCall): ProductSearchVersion {
  return version as ProductSearchVersion;
}

import { productPageSize } from "../../protocol/product-limits.ts";
import { textOf, type PlainJson } from "../plain-json.ts";
import type { Violations } from "../vision/violations.ts";
import type { PageBounds } from "./resource-table.ts";
import type { CollectionPage } from "./sorted-collection.ts";

/** The page that a list request asks for. */
export function checkPage({ pageSize, pageToken }: PlainJson, violations: Violations): PageBounds {
  const { min, max } = productPageSize;
  const size = Number(pageSize ?? 0);
  // Zero on the wire cannot be told from an absent field, which means the default.
  if (size !== 0 && (size < min || size > max)) {
    violations.add("pageSize", `Invalid page_size ${size}: the valid range is [${min}, ${max}].`);
  }
  return { after: lastOf(textOf(pageToken), violations), size: size || productPageSize.default };
}

/** A page as a list method answers it, its items in `field`; what is empty is left out. */
export function answerPage<T>(field: string, { items, last }: CollectionPage<T>): PlainJson {
  const token = last === undefined ? undefined : Buffer.from(`after ${last}`).toString("base64url");
  return {
    ...(items.length === 0 ? {} : { [field]: items }),
    ...(token === undefined ? {} : { nextPageToken: token }),
  };
}

function lastOf(token: string, violations: Violations): string {
  if (token === "") return "";
  const last = /^after (.+)$/s.exec(Buffer.from(token, "base64url").toString())?.[1];
  if (last === undefined) violations.add("pageToken", "The page token is not one of this service.");
  return last ?? "";
}

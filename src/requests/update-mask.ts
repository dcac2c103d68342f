import type { TypeRegistry } from "../protocol/json/type-registry.ts";
import type { MethodEntry } from "../protocol/method-table.ts";
import { nearestName } from "./nearest-name.ts";
import type { ProblemLog } from "./problem-log.ts";
import { isRecord, type Checked, type Fields } from "./rules.ts";

/** The resource that an update method changes. */
interface UpdatedResource {
  /** The field of the request that holds it. */
  readonly field: string;
  readonly typeName: string;
  /** Its fields that may be changed. Source: UpdateProduct and UpdateProductSet in product_search_service.proto. */
  readonly mutable: readonly string[];
}

/** What a method updates; undefined where it is no update. */
export function updatedResource({ name, responseType }: MethodEntry): UpdatedResource | undefined {
  switch (name) {
    case "UpdateProductSet":
      return { field: "productSet", typeName: responseType, mutable: ["displayName"] };
    case "UpdateProduct":
      return {
        field: "product",
        typeName: responseType,
        mutable: ["displayName", "description", "productLabels"],
      };
    default:
      return undefined;
  }
}

/**
 * The request with its own update mask, checked, or with one of the changeable fields that are
 * given: without a mask the service would empty those that are not.
 */
export function withUpdateMask(
  init: Fields,
  checked: Checked,
  parts: {
    readonly log: ProblemLog;
    readonly resource: UpdatedResource;
    readonly registry: TypeRegistry;
  },
): Checked {
  const { log, resource, registry } = parts;
  const { field, typeName, mutable } = resource;
  const given = isRecord(init[field]) ? init[field] : {};
  const protoNames = new Map(
    registry.fieldsOf(typeName)?.map(({ localName, protoName }) => [localName, protoName]),
  );
  const ownMask = checked["updateMask"] as readonly unknown[] | undefined;
  const derived = mutable.filter((name) => given[name] !== undefined);
  const updateMask = ownMask ?? derived.map((name) => protoNames.get(name) ?? name);
  if (ownMask === undefined && derived.length === 0) {
    log.addAt(field, given, `gives nothing to change: ${mutable.join(", ")} can be`);
  }
  checkPaths(ownMask ?? [], [...protoNames.values()], log);
  if (updateMask.includes("display_name") && !given["displayName"]) {
    log.enter(field);
    log.addAt("displayName", given["displayName"], "is required, and cannot be emptied");
    log.leave();
  }
  return { ...checked, updateMask };
}

function checkPaths(mask: readonly unknown[], known: readonly string[], log: ProblemLog): void {
  for (const [index, path] of mask.entries()) {
    if (typeof path !== "string" || known.includes(path)) continue;
    const nearest = nearestName(path, known);
    const hint =
      nearest === undefined ? `expected one of ${known.join(", ")}` : `did you mean ${nearest}?`;
    log.enter("updateMask");
    log.addAt(index, path, `is not a field of the resource; ${hint}`);
    log.leave();
  }
}

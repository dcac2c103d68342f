import { InvalidRequestError } from "../errors/index.ts";
import { loadJsonTables } from "../protocol/json/load-json-codec.ts";
import { createTypeRegistry, type TypeRegistry } from "../protocol/json/type-registry.ts";
import type { MethodEntry } from "../protocol/method-table.ts";
import type { ProductSearchVersion } from "../protocol/product-methods.ts";
import { deriveRule } from "./derived-rules.ts";
import { ProblemLog } from "./problem-log.ts";
import { productConstraints } from "./product-rules.ts";
import { isRecord, kindOf, type Checked, type Rule } from "./rules.ts";
import { updatedResource, withUpdateMask } from "./update-mask.ts";

/**
 * Checks a request of ProductSearch and makes of it the message to encode: every field present, and
 * the update mask of an update derived from the fields that are given where it has none.
 * @throws {@link InvalidRequestError} listing every problem; nothing has been sent then.
 */
export async function prepareProductRequest(
  version: ProductSearchVersion,
  method: MethodEntry,
  init: unknown,
): Promise<object> {
  const { rule, registry } = await rulesOf(version, method);
  const log = new ProblemLog();
  const checked = rule(init, log);
  if (init === undefined) log.add(init, `expected a request, got ${kindOf(init)}`);
  const resource = updatedResource(method);
  const request =
    resource === undefined || !isRecord(init) || !isRecord(checked)
      ? checked
      : withUpdateMask(init, checked, { log, resource, registry });
  if (log.problems.length > 0) {
    throw new InvalidRequestError(`${method.name} request`, log.problems);
  }
  return request as Checked;
}

interface MethodRules {
  readonly rule: Rule;
  readonly registry: TypeRegistry;
}

const loaded = new Map<string, Promise<MethodRules>>();

function rulesOf(version: ProductSearchVersion, method: MethodEntry): Promise<MethodRules> {
  const key = `${method.service}/${method.name}`;
  const loading = loaded.get(key) ?? loadRules(version, method);
  loaded.set(key, loading);
  return loading;
}

async function loadRules(version: ProductSearchVersion, method: MethodEntry): Promise<MethodRules> {
  const registry = createTypeRegistry(await loadJsonTables(version));
  const constraints = productConstraints(version, method);
  return { registry, rule: deriveRule(registry, method.requestType, constraints) };
}

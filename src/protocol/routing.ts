import type { MethodEntry } from "./method-table.ts";

/** A field of a request: its path as the proto spells it, and the properties that lead to it. */
interface RoutingField {
  readonly key: string;
  readonly properties: readonly string[];
}

/** WaitOperation is bound to no URL, and is answered where GetOperation of the same name is. */
const unbound: Readonly<Record<string, readonly string[]>> = { WaitOperation: ["name"] };

const fieldsOfMethods = new WeakMap<MethodEntry, readonly RoutingField[]>();

/**
 * The fields of a request that Google routes it by, as proto path and value: the variables of the
 * method's HTTP bindings that the request fills, e.g. `{ parent: "projects/p/locations/eu" }` or
 * `{ "product_set.name": "..." }`. Source: https://google.aip.dev/client-libraries/4222
 */
export function routingFields(
  method: MethodEntry,
  request: object,
): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const { key, properties } of fieldsOf(method)) {
    const value = properties.reduce<unknown>(propertyOf, request);
    if (typeof value === "string" && value !== "") fields[key] = value;
  }
  return fields;
}

/**
 * The value of `x-goog-request-params` for a request; undefined where it fills no field to route by.
 * Escaped as simple string expansion of RFC 6570 asks: all but letters, digits and `-._~`.
 */
export function routingHeader(method: MethodEntry, request: object): string | undefined {
  const pairs = Object.entries(routingFields(method, request));
  if (pairs.length === 0) return undefined;
  return pairs.map((pair) => pair.map(escape).join("=")).join("&");
}

function fieldsOf(method: MethodEntry): readonly RoutingField[] {
  const known = fieldsOfMethods.get(method);
  if (known !== undefined) return known;
  const variables = method.http.flatMap(({ path }) =>
    [...path.matchAll(/\{([^=}]+)/g)].map(([, key = ""]) => key),
  );
  const keys = new Set([...variables, ...(unbound[method.name] ?? [])]);
  const fields = [...keys].map((key) => ({ key, properties: key.split(".").map(camelCase) }));
  fieldsOfMethods.set(method, fields);
  return fields;
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** What JSON.parse returns. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  [member: string]: JsonValue;
}

/** Any object whose members are not known. */
export type Members = Record<string, unknown>;

/** Whether a value is an object and no array. */
export function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Sets a member under any name: `__proto__` becomes a member like all others. */
export function defineMember(target: Members, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

import { createHash } from "node:crypto";

/** A message in proto3 JSON form: camelCase fields, enums by name, int64 as strings, bytes as base64. */
export type PlainJson = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object (not a list, not null). */
export function isPlainJson(value: unknown): value is PlainJson {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that holds text; empty where it is absent. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/**
 * The SHA-256, in hex, of a request's canonical JSON: keys sorted, no white space, fields that hold
 * their proto3 default left out, so that gRPC and REST give the same for the same request.
 */
export function fingerprintOf(request: PlainJson): string {
  return createHash("sha256").update(canonicalJson(request)).digest("hex");
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isPlainJson(value)) return JSON.stringify(value);
  const fields = Object.keys(value)
    .filter((key) => !isDefault(value[key]))
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
  return `{${fields.join(",")}}`;
}

function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === "" || value === 0 || value === false;
}

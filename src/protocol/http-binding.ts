import type { HttpBinding } from "./method-table.ts";

/** A request in proto3 JSON form with camelCase names. */
type JsonFields = Readonly<Record<string, unknown>>;

/** An HTTP request without its host. */
export interface HttpCall {
  readonly verb: HttpBinding["verb"];
  /** The path, percent-encoded. */
  readonly path: string;
  /** The fields that are neither in the path nor in the body, as name and text. */
  readonly query: readonly (readonly [string, string])[];
  /** The body in proto3 JSON form; undefined where the binding has none. */
  readonly body: unknown;
}

interface Template {
  readonly pattern: RegExp;
  /** The JSON path of each variable, e.g. `["productSet", "name"]`, in order. */
  readonly fields: readonly (readonly string[])[];
  /** Literal text and variables by turns, beginning with text. */
  readonly parts: readonly (string | Variable)[];
}

interface Variable {
  readonly field: readonly string[];
  readonly pattern: RegExp;
  readonly multiSegment: boolean;
}

const templates = new Map<string, Template>();

/**
 * Reads the variables of a binding's path template out of a URL path.
 * @returns the fields, nested and in camelCase; undefined where the path is not one of this binding.
 */
export function matchHttpPath(binding: HttpBinding, path: string): JsonFields | undefined {
  const template = templateOf(binding.path);
  const match = template.pattern.exec(path);
  if (match === null) return undefined;
  const fields: Record<string, unknown> = {};
  for (const [index, field] of template.fields.entries()) {
    const text = decodeVariable(match[index + 1] ?? "");
    if (text === undefined) return undefined;
    setField(fields, field, text);
  }
  return fields;
}

/**
 * Writes a request as an HTTP call, by the binding with the most path variables that the request
 * fills; undefined where none fits.
 */
export function toHttpCall(
  bindings: readonly HttpBinding[],
  request: JsonFields,
): HttpCall | undefined {
  const fitting = bindings.flatMap((binding) => {
    const { parts, fields } = templateOf(binding.path);
    const path = expand(parts, request);
    return path === undefined ? [] : [{ binding, path, fields }];
  });
  const [best] = fitting.sort((a, b) => b.fields.length - a.fields.length);
  if (best === undefined) return undefined;
  const rest = best.fields.reduce(withoutField, request);
  return { verb: best.binding.verb, path: best.path, ...splitBody(best.binding.body, rest) };
}

function splitBody(
  body: string | undefined,
  rest: JsonFields,
): { readonly query: readonly (readonly [string, string])[]; readonly body: unknown } {
  if (body === "*") return { query: [], body: rest };
  if (body === undefined) return { query: queryOf(rest, ""), body: undefined };
  const field = camelCase(body);
  return { query: queryOf(withoutField(rest, [field]), ""), body: rest[field] ?? {} };
}

function queryOf(value: unknown, name: string): readonly (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one) => queryOf(one, name));
  if (typeof value !== "object") {
    return [[name, typeof value === "string" ? value : JSON.stringify(value)]];
  }
  return Object.entries(value).flatMap(([key, one]) =>
    queryOf(one, name === "" ? key : `${name}.${key}`),
  );
}

function expand(parts: Template["parts"], request: JsonFields): string | undefined {
  let path = "";
  for (const part of parts) {
    if (typeof part === "string") {
      path += part;
      continue;
    }
    const value = part.field.reduce<unknown>(fieldOf, request);
    if (typeof value !== "string" || !part.pattern.test(value)) return undefined;
    if (value.split("/").some(isDotSegment)) return undefined;
    path += part.multiSegment
      ? value.split("/").map(encodeSegment).join("/")
      : encodeSegment(value);
  }
  return path;
}

/** Whoever handles the URL takes them out, escaped or not, with the segment before: it would be that of another resource. */
function isDotSegment(segment: string): boolean {
  return segment === "." || segment === "..";
}

function templateOf(path: string): Template {
  const known = templates.get(path);
  if (known !== undefined) return known;
  const parts = path
    .split(/(\{[^}]+\})/)
    .map((part) => (part.startsWith("{") ? parseVariable(part.slice(1, -1)) : part));
  const source = parts.map((part) =>
    typeof part === "string" ? escape(part) : `(${part.pattern.source.slice(1, -1)})`,
  );
  const template: Template = {
    pattern: new RegExp(`^${source.join("")}$`),
    fields: parts.flatMap((part) => (typeof part === "string" ? [] : [part.field])),
    parts,
  };
  templates.set(path, template);
  return template;
}

function parseVariable(text: string): Variable {
  const [name = "", template = "*"] = text.split("=");
  const source = template
    .split(/(\*\*|\*)/)
    .map((part) => (part === "**" ? ".+" : part === "*" ? "[^/]+" : escape(part)))
    .join("");
  return {
    field: name.split(".").map(camelCase),
    pattern: new RegExp(`^${source}$`),
    multiSegment: template.includes("/") || template.includes("**"),
  };
}

/** Source: google/api/http.proto: all but `-_.~` and alphanumerics are escaped. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decodeVariable(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as JsonFields)[name] : undefined;
}

function setField(fields: Record<string, unknown>, path: readonly string[], value: string): void {
  const [name = "", ...rest] = path;
  if (rest.length === 0) {
    fields[name] = value;
    return;
  }
  const inner: Record<string, unknown> = { ...(fields[name] as JsonFields | undefined) };
  setField(inner, rest, value);
  fields[name] = inner;
}

function withoutField(fields: JsonFields, path: readonly string[]): JsonFields {
  const [name = "", ...rest] = path;
  const { [name]: value, ...others } = fields;
  if (rest.length === 0 || typeof value !== "object" || value === null) return others;
  return { ...others, [name]: withoutField(value as JsonFields, rest) };
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}

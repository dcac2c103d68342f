import { badRequest } from "./api-error.ts";

/** Which fields of an answer are asked for; an empty map asks for all below. */
export type FieldsMask = Map<string, FieldsMask>;

/**
 * Parses the `fields` parameter, e.g. `items(name,metadata/key),nextPageToken`; undefined asks for everything.
 * Source: https://cloud.google.com/storage/docs/json_api#partial-response
 * @throws ApiError 400 for a selector that is not well formed.
 */
export function parseFields(text: string | null): FieldsMask | undefined {
  if (text === null || text.trim() === "" || text.trim() === "*") return undefined;
  const tokens = text.match(/[(),/]|[^(),/\s]+/g) ?? [];
  const mask: FieldsMask = new Map();
  if (parseList(tokens, 0, mask) !== tokens.length) throw invalid(text);
  return mask;
}

/** Whether a mask asks for a field, or for something in it. */
export function asksFor(mask: FieldsMask | undefined, field: string): boolean {
  return mask === undefined || mask.size === 0 || mask.has(field) || mask.has("*");
}

/** The mask of what is in a field. */
export function maskBelow(mask: FieldsMask | undefined, field: string): FieldsMask | undefined {
  return mask?.get(field) ?? mask?.get("*");
}

/** The part of a JSON value that a mask asks for; a list is masked item by item. */
export function applyMask(value: unknown, mask: FieldsMask | undefined): unknown {
  if (mask === undefined || mask.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => applyMask(item, mask));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([field]) => asksFor(mask, field))
      .map(([field, inner]) => [field, applyMask(inner, maskBelow(mask, field))]),
  );
}

/** Parses `a/b(c,d),e` from a token on, into a mask; returns the index after it. */
function parseList(tokens: readonly string[], from: number, into: FieldsMask): number {
  let at = from;
  for (;;) {
    at = parsePath(tokens, at, into);
    if (tokens[at] !== ",") return at;
    at += 1;
  }
}

function parsePath(tokens: readonly string[], from: number, into: FieldsMask): number {
  const name = tokens[from];
  if (name === undefined || /^[(),/]$/.test(name)) throw invalid(tokens.join(""));
  const below: FieldsMask = into.get(name) ?? new Map<string, FieldsMask>();
  into.set(name, below);
  if (tokens[from + 1] === "/") return parsePath(tokens, from + 2, below);
  if (tokens[from + 1] !== "(") return from + 1;
  const end = parseList(tokens, from + 2, below);
  if (tokens[end] !== ")") throw invalid(tokens.join(""));
  return end + 1;
}

function invalid(text: string): Error {
  return badRequest(`Invalid field selection ${text}`);
}

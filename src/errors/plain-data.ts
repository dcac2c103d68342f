const maxDepth = 16;

/**
 * A value as JSON and structured cloning keep it: text for what they have no form for (functions,
 * symbols, big integers, what is nested too deep or in itself), base64 for bytes; undefined is left out.
 */
export function toPlainData(value: unknown, above: readonly object[] = []): unknown {
  if (typeof value !== "object" || value === null) return plainPrimitive(value);
  if (above.includes(value) || above.length === maxDepth) return "[...]";
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return Number.isNaN(value.valueOf()) ? null : value.toISOString();
  if (value instanceof Error) return describeError(value);
  const path = [...above, value];
  if (Array.isArray(value)) return value.map((each: unknown) => toPlainData(each, path) ?? null);
  const fields = Object.entries(value).map(([key, field]) => [key, toPlainData(field, path)]);
  return definedOf(Object.fromEntries(fields) as Readonly<Record<string, unknown>>);
}

/** The members of an object that are not undefined. */
export function definedOf(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** An error in one line; anything else as text. */
export function describeError(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  try {
    return String(error);
  } catch {
    return Object.prototype.toString.call(error);
  }
}

function plainPrimitive(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "symbol") return String(value);
  if (typeof value === "function") return `[function ${value.name || "anonymous"}]`;
  return value;
}

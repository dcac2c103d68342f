import type { RequestProblem } from "../errors/index.ts";
import { nearestName } from "./nearest-name.ts";

/**
 * Collects the problems of one request and knows the field being looked at. The path is kept as
 * keys and becomes text for a problem only, since nearly every field has none.
 */
export class ProblemLog {
  readonly problems: RequestProblem[] = [];
  /** For rules that keep their last faultless value; see `remember`. */
  readonly remembered = new Map<unknown, { readonly value: unknown; readonly checked: unknown }>();
  readonly #keys: (string | number)[] = [];

  /** Steps into a field or item; {@link leave} steps out again. */
  enter(key: string | number): void {
    this.#keys.push(key);
  }

  /** Steps out of the field or item entered last. */
  leave(): void {
    this.#keys.pop();
  }

  /** Records a problem of the field being looked at. */
  add(value: unknown, message: string): void {
    this.problems.push({ field: formatPath(this.#keys), value: shorten(value), message });
  }

  /** Records a problem of a field or item below the one being looked at. */
  addAt(key: string | number, value: unknown, message: string): void {
    this.enter(key);
    this.add(value, message);
    this.leave();
  }

  /** Records a property that the message does not have, with the nearest name that it has. */
  addUnknown(key: string, value: unknown, known: Iterable<string>): void {
    const nearest = nearestName(key, known);
    const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
    this.addAt(key, value, `is not a field here${hint}`);
  }
}

function formatPath(keys: readonly (string | number)[]): string {
  let path = "";
  for (const key of keys) {
    if (typeof key === "number") path += `[${key}]`;
    else if (!/^[A-Za-z_$][\w$]*$/.test(key)) path += `[${JSON.stringify(key)}]`;
    else path += path === "" ? key : `.${key}`;
  }
  return path === "" ? "request" : path;
}

const maxShownLength = 80;

/** A value as it is shown in a problem: scalars whole, long strings cut, objects by their keys only. */
function shorten(value: unknown): unknown {
  if (typeof value === "string") {
    return value.length > maxShownLength ? `${value.slice(0, maxShownLength - 1)}…` : value;
  }
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return "[function]";
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return `[${value.length} items]`;
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  return `{ ${keys.slice(0, 5).join(", ")}${keys.length > 5 ? ", …" : ""} }`;
}

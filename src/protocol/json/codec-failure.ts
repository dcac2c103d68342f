import { JsonDecodeError, JsonEncodeError } from "../../errors/index.ts";

/** A value does not fit its type; the path grows while the failure leaves the nested readers. */
export class CodecFailure extends Error {
  readonly path: (string | number)[] = [];
}

/** Adds the place where a failure passes by; anything else passes as it is. */
export function passedBy(error: unknown, place: string | number): unknown {
  if (error instanceof CodecFailure) error.path.unshift(place);
  return error;
}

/** The failure of a value of the wrong kind. */
export function unexpected(value: unknown, expected: string): CodecFailure {
  return new CodecFailure(`expected ${expected}, found ${describeValue(value)}`);
}

/** Runs a reader and turns its failure into a {@link JsonDecodeError}. */
export function decoding<T>(typeName: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CodecFailure)) throw error;
    throw new JsonDecodeError(error.message, { typeName, path: formatPath(error.path) });
  }
}

/** Runs a writer and turns its failure into a {@link JsonEncodeError}. */
export function encoding<T>(typeName: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof CodecFailure)) throw error;
    throw new JsonEncodeError(error.message, { typeName, path: formatPath(error.path) });
  }
}

const shownLength = 40;

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "string") return `${typeof value === "object" ? "an" : "a"} ${typeof value}`;
  const shown = value.length > shownLength ? `${value.slice(0, shownLength)}...` : value;
  return JSON.stringify(shown);
}

function formatPath(path: readonly (string | number)[]): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[\w$@]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.join("").replace(/^\./, "");
}

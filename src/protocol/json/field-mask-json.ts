import { CodecFailure, unexpected } from "./codec-failure.ts";
import { checkWellFormed } from "./scalars.ts";

/** Reads `a,b.cD` into the paths `a` and `b.c_d`. */
export function readFieldMask(value: unknown): string[] {
  if (typeof value !== "string")
    throw unexpected(value, "a field mask like user.displayName,photo");
  if (value === "") return [];
  checkWellFormed(value);
  return value.split(",").map((path) => {
    const snakeCase = toSnakeCase(path);
    if (path === "" || path.includes("_") || toCamelCase(snakeCase) !== path) {
      throw unexpected(value, "a field mask of names in camelCase");
    }
    return snakeCase;
  });
}

/** Writes paths in camelCase, joined by commas. */
export function writeFieldMask(paths: unknown): string {
  if (!Array.isArray(paths)) throw unexpected(paths, "the paths of a field mask");
  const written = paths.map((path: unknown) => {
    if (typeof path !== "string") throw unexpected(path, "a path of a field mask");
    const camelCase = toCamelCase(path);
    // What camelCase cannot tell apart (`fooBar`, `foo_1`) would be read back as another path.
    if (camelCase === "" || /[_,]/.test(camelCase) || toSnakeCase(camelCase) !== path) {
      throw new CodecFailure(`the path ${JSON.stringify(path)} has no form in JSON`);
    }
    return camelCase;
  });
  return written.join(",");
}

function toCamelCase(path: string): string {
  return path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function toSnakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

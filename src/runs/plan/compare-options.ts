import type { RunDifference } from "../../errors/index.ts";

/** Where two values of JSON differ, field by field; the order of members does not count. */
export function compareOptions(planned: unknown, given: unknown, field = ""): RunDifference[] {
  if (Object.is(planned, given)) return [];
  if (!isObject(planned) || !isObject(given) || Array.isArray(planned) !== Array.isArray(given)) {
    return [{ field, planned, given }];
  }
  const names = new Set([...Object.keys(planned), ...Object.keys(given)]);
  return [...names].flatMap((name) => {
    const path = Array.isArray(planned) ? `${field}[${name}]` : `${field && `${field}.`}${name}`;
    return compareOptions(memberOf(planned, name), memberOf(given, name), path);
  });
}

/** Options as a journal keeps them: what JSON leaves of them. */
export function toPlainData(options: object): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(options)) as Readonly<Record<string, unknown>>;
}

function memberOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

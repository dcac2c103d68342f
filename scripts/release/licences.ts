import type { Component } from "./make-sbom.ts";

/** Licences that ask for no more than their text and a notice, by their SPDX identifiers. */
const permissive = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Unlicense",
  "Zlib",
]);

/** The licence of a component as an SPDX expression; empty where it names none. */
export function licenceOf({ licenses = [] }: Component): string {
  const terms = licenses.map(
    ({ expression, license }) => expression ?? license?.id ?? license?.name ?? "",
  );
  return terms.join(" AND ");
}

/** Whether a licence, or one of those that it leaves the choice of, is permissive. */
export function isPermissive(expression: string): boolean {
  const choices = expression.replaceAll(/[()]/g, " ").split(/\sOR\s/);
  return choices.some((choice) =>
    choice.split(/\sAND\s/).every((term) => permissive.has(term.trim())),
  );
}

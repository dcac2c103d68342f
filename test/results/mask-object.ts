/** What a mask keeps of JSON that was built, for comparison: written without any of the scanner's means. */
export function maskObject(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.some((path) => path.length === 0)) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => maskObject(element, paths));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const inner = paths.filter(([first]) => first === camelCase(name)).map(([, ...rest]) => rest);
    return inner.length === 0 ? [] : [[name, maskObject(member, inner)]];
  });
  return Object.fromEntries(kept);
}

/** The paths of a mask, and those that are always read. */
export function pathsOf(mask: string): string[][] {
  const paths = mask.split(",").map((path) => path.split(".").map(camelCase));
  return [...paths.map((path) => path.filter((name) => name !== "*")), ["error"], ["context"]];
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

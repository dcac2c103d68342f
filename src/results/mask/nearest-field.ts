/** The field name that differs from a given one in the fewest letters, where those are few; case and underscores do not count. */
export function nearestField(name: string, fields: readonly string[]): string | undefined {
  const given = plainOf(name);
  // A mask is written by hand: a name that is longer is none, and would take long to compare.
  if (given.length > 64) return undefined;
  const far = Math.ceil(given.length / 2);
  let nearest: { readonly field: string; readonly distance: number } | undefined;
  for (const field of fields) {
    const distance = distanceOf(given, plainOf(field));
    if (distance < (nearest?.distance ?? far)) nearest = { field, distance };
  }
  return nearest?.field;
}

function plainOf(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** How many letters must be put in, left out or replaced. */
function distanceOf(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 0; row < from.length; row++) {
    const current = [row + 1];
    for (let column = 0; column < to.length; column++) {
      const replaced = (above[column] ?? 0) + (from[row] === to[column] ? 0 : 1);
      current.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    above = current;
  }
  return above.at(-1) ?? 0;
}

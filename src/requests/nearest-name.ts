/** Letters that may differ between a name and what was meant, for each letter of the name. */
const tolerance = 0.4;

/** The known name that a misspelt one most likely means, whatever its case and underscores; undefined where none is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const plain = plainOf(name);
  let best: string | undefined;
  let bestDistance = Math.ceil(plain.length * tolerance);
  if (plain.length > 64) return undefined;
  for (const candidate of known) {
    const distance = editDistance(plain, plainOf(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function plainOf(name: string): string {
  return name.replaceAll(/[_-]/g, "").toLowerCase();
}

/** The Levenshtein distance, by rows. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

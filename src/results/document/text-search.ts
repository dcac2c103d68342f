/** Options of a search. */
export interface SearchOptions {
  /** Whether a string is found only with the same small and capital letters. Default false. */
  readonly matchCase?: boolean | undefined;
}

/** The pattern that finds a query in the text of a document. */
export function searchPattern(
  query: string | RegExp,
  { matchCase = false }: SearchOptions,
): RegExp {
  if (typeof query !== "string") {
    const flags = query.flags.replace("y", "");
    return new RegExp(query.source, flags.includes("g") ? flags : `${flags}g`);
  }
  const words = query.split(/\s+/u).filter((word) => word !== "");
  // An empty query finds nothing, rather than something at every place.
  if (words.length === 0) return /(?!)/gu;
  return new RegExp(words.map(wordPattern).join("\\s+"), matchCase ? "gu" : "giu");
}

/** Between two letters a line may end with a hyphen that is not of the word; after one that is, it may end too. */
function wordPattern(word: string): string {
  const characters = Array.from(word);
  return characters
    .map((character, place) => {
      const escaped = character.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
      if (place === characters.length - 1) return escaped;
      return `${escaped}${character === "-" ? "[\\n\\f]?" : "(?:-[\\n\\f])?"}`;
    })
    .join("");
}

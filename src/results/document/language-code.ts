/**
 * The language codes of detected languages in canonical form (`iw` becomes `he`), in their order;
 * what is no language code, or means that the language is unknown, is left out.
 */
export function readLanguages(
  detected: readonly { readonly languageCode?: string }[] | undefined,
): readonly string[] {
  if (detected === undefined || detected.length === 0) return none;
  const codes = detected.map(({ languageCode }) => canonicalCode(languageCode ?? ""));
  return [...new Set(codes.filter((code) => code !== undefined))];
}

const none: readonly string[] = [];

function canonicalCode(code: string): string | undefined {
  if (code === "" || code === "und") return undefined;
  try {
    return Intl.getCanonicalLocales(code)[0];
  } catch {
    return undefined;
  }
}

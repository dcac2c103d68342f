/**
 * What a terminal may obey or be misled by: C0 controls, DEL, C1 controls, line and paragraph
 * separators, and the marks that reorder text.
 */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Text from outside in a form that a terminal only shows: `\n`, `\x1b`, `\u202e`. */
export function escapeForTerminal(text: string): string {
  return text.replace(unsafe, (character) => short[character] ?? escapeCharacter(character));
}

/** The same for text of several lines, which stay lines. */
export function escapeLines(text: string): string {
  return text.split("\n").map(escapeForTerminal).join("\n");
}

/** The JSON of a value on one line, with every character escaped that a terminal would not only show. */
export function toSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(unsafe, escapeAsUnicode);
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : escapeAsUnicode(character);
}

function escapeAsUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Letters and marks that are written to the left, but not the digits of their scripts. */
const leftward =
  "[\\u0590-\\u065f\\u066d-\\u06dc\\u06de-\\u06ef\\u06fa-\\u07bf\\u07c0-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10800}-\\u{10d2f}\\u{10d3a}-\\u{10e5f}\\u{10e7f}-\\u{10fff}\\u{1e800}-\\u{1efff}]";
const strongLeftward = new RegExp(leftward, "u");
/** From the first to the last letter or digit of what is written to the right. */
const rightwardRun = new RegExp(
  `(?!${leftward})[\\p{L}\\p{Nd}](?:(?:(?!${leftward}).)*(?!${leftward})[\\p{L}\\p{Nd}\\p{M}])?`,
  "gsu",
);
/** From the first to the last of what is written to the left. */
const leftwardRun = new RegExp(
  `${leftward}(?:(?:(?!(?!${leftward})[\\p{L}\\p{Nd}]).)*${leftward})?`,
  "gsu",
);

/**
 * Puts the characters of a word in the order in which they stand on the page from left to right: the
 * order that PDF has them in, and that programs turn back. Digits run to the right in every script.
 */
export function toVisualOrder(word: string, lineRunsLeft: boolean): string {
  if (!strongLeftward.test(word)) return word;
  if (!lineRunsLeft) return word.replace(leftwardRun, reversed);
  const parts: string[] = [];
  let end = 0;
  for (const { 0: run, index } of word.matchAll(rightwardRun)) {
    parts.push(reversed(word.slice(end, index)), run);
    end = index + run.length;
  }
  parts.push(reversed(word.slice(end)));
  return parts.reverse().join("");
}

function reversed(text: string): string {
  return Array.from(text).reverse().join("");
}

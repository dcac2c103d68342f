/** How a line runs as it is read: to the right, to the left, or from top to bottom. */
export type WritingDirection = "ltr" | "rtl" | "ttb";

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}\p{Script=Mende_Kikakui}\p{Script=Phoenician}\p{Script=Imperial_Aramaic}\p{Script=Avestan}\p{Script=Old_South_Arabian}]/gu;

const verticalScripts =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Mongolian}\p{Script=Phags_Pa}]/gu;

const letters = /\p{L}/gu;

/** Below the first letter of a right-to-left script, whose search would be in vain. */
const onlyLeftToRight = /^[\u0000-\u058f]*$/;

/** Tells by its letters which way text is written; undefined where it has none, as numbers have. */
export function horizontalDirection(text: string): "ltr" | "rtl" | undefined {
  if (onlyLeftToRight.test(text)) return /\p{L}/u.test(text) ? "ltr" : undefined;
  const all = count(text, letters);
  if (all === 0) return undefined;
  return count(text.replace(/\P{L}/gu, ""), rightToLeft) * 2 > all ? "rtl" : "ltr";
}

/** Whether most letters are of scripts that are written in columns too. */
export function canBeVertical(text: string): boolean {
  if (onlyLeftToRight.test(text)) return false;
  return count(text, verticalScripts) * 2 > count(text, letters);
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

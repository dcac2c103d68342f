import type { ImageResponse } from "../response-types.ts";
import { readBox, type PageSize } from "./box.ts";
import type { WordDraft, WordEnding } from "./full-text-words.ts";

type AnnotationJson = NonNullable<ImageResponse["textAnnotations"]>[number];

/** How much text may stand before a word that is looked for in it. */
const lookAhead = 1000;

/**
 * The words of a text of which only this is known: its lines, and boxes of its words in their order,
 * as responses without `fullTextAnnotation` have them. A word that no box is found for has none.
 */
export function alignWords(
  text: string,
  annotations: readonly AnnotationJson[],
  size: PageSize | undefined,
): WordDraft[] {
  const drafts: WordDraft[] = [];
  let position = 0;
  for (const { description: word = "", boundingPoly } of annotations) {
    if (word === "") continue;
    const offset = text.slice(position, position + lookAhead + word.length).indexOf(word);
    if (offset > 0) addUnplaced(drafts, text.slice(position, position + offset));
    if (offset >= 0) position += offset + word.length;
    const ending = offset < 0 ? "space" : endingAt(text, position);
    drafts.push({ ...draftOf(word), box: readBox(boundingPoly, size), ending });
  }
  addUnplaced(drafts, text.slice(position));
  return drafts;
}

function addUnplaced(drafts: WordDraft[], text: string): void {
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    drafts.push({ ...draftOf(word), ending: endingAt(text, index + word.length) });
  }
}

function draftOf(text: string): Omit<WordDraft, "ending"> {
  return { text, box: undefined, confidence: undefined, languages: [], symbolsFrom: () => [] };
}

/** What stands in a text before its next word. */
function endingAt(text: string, position: number): WordEnding {
  const pattern = /\s*/y;
  pattern.lastIndex = position;
  const space = pattern.exec(text)?.[0] ?? "";
  if (space === "") return "none";
  return space.includes("\n") ? "end" : "space";
}

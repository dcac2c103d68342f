import type { ImageResponse } from "../response-types.ts";
import { readBox, uniteBoxes, type PageSize } from "./box.ts";
import { readConfidence } from "./confidence.ts";
import { readLanguages } from "./language-code.ts";
import type { SymbolView, WordView } from "./page-view.ts";

type FullText = NonNullable<ImageResponse["fullTextAnnotation"]>;
/** A page as the service answers it. */
export type PageJson = NonNullable<FullText["pages"]>[number];
/** A block as the service answers it. */
export type BlockJson = NonNullable<PageJson["blocks"]>[number];
/** A paragraph as the service answers it. */
export type ParagraphJson = NonNullable<BlockJson["paragraphs"]>[number];
type WordJson = NonNullable<ParagraphJson["words"]>[number];
type SymbolJson = NonNullable<WordJson["symbols"]>[number];
type BreakJson = NonNullable<NonNullable<SymbolJson["property"]>["detectedBreak"]>;

/** What follows a word: nothing, a space, or the end of its line by wrapping, for good or within a word. */
export type WordEnding = "none" | "space" | "wrap" | "end" | "hyphen";

/** A word before its place in the page's text is known. */
export interface WordDraft extends Pick<WordView, "text" | "box" | "confidence" | "languages"> {
  readonly ending: WordEnding;
  /** Its symbols, the first of which starts at the given offset of the page's text. */
  readonly symbolsFrom: (start: number) => readonly SymbolView[];
}

const endings: Readonly<Record<string, WordEnding>> = {
  SPACE: "space",
  SURE_SPACE: "space",
  EOL_SURE_SPACE: "wrap",
  HYPHEN: "hyphen",
  LINE_BREAK: "end",
};

/** The words of a paragraph, ended where a symbol says so: at a break after it or before it. */
export function readWords(paragraph: ParagraphJson, size: PageSize | undefined): WordDraft[] {
  const drafts: WordDraft[] = [];
  for (const word of paragraph.words ?? []) {
    for (const { symbols, ending } of splitAtBreaks(word, drafts)) {
      const draft = toDraft(word, symbols, size);
      if (draft.text !== "") drafts.push({ ...draft, ending });
    }
  }
  return drafts;
}

interface Stretch {
  readonly symbols: readonly SymbolJson[];
  readonly ending: WordEnding;
}

/** A word is one stretch; it would be several if there were a break within it. */
function* splitAtBreaks(word: WordJson, before: WordDraft[]): Generator<Stretch, void, undefined> {
  let symbols: SymbolJson[] = [];
  for (const symbol of word.symbols ?? []) {
    const found = symbol.property?.detectedBreak;
    if (found?.isPrefix === true) {
      if (symbols.length > 0) yield { symbols, ending: endingOf(found) };
      else endLast(before, endingOf(found));
      symbols = [symbol];
    } else {
      symbols.push(symbol);
      if (found === undefined) continue;
      yield { symbols, ending: endingOf(found) };
      symbols = [];
    }
  }
  const ofWord = word.property?.detectedBreak;
  if (symbols.length > 0)
    yield { symbols, ending: ofWord === undefined ? "none" : endingOf(ofWord) };
}

function endLast(drafts: WordDraft[], ending: WordEnding): void {
  const last = drafts.at(-1);
  if (last !== undefined) drafts[drafts.length - 1] = { ...last, ending };
}

/** A break of another kind still parts what it stands between. */
function endingOf({ type }: BreakJson): WordEnding {
  return endings[type ?? ""] ?? "space";
}

function toDraft(
  word: WordJson,
  symbols: readonly SymbolJson[],
  size: PageSize | undefined,
): Omit<WordDraft, "ending"> {
  const isWhole = symbols.length === (word.symbols ?? []).length;
  const ofSymbols = (): WordDraft["box"] =>
    uniteBoxes(
      symbols.map((symbol) => readBox(symbol.boundingBox, size)),
      size,
    );
  const ofWord = readBox(word.boundingBox, size);
  return {
    text: symbols.map(({ text }) => text ?? "").join(""),
    box: isWhole ? (ofWord ?? ofSymbols()) : (ofSymbols() ?? ofWord),
    confidence: readConfidence(word.confidence),
    languages: readLanguages(word.property?.detectedLanguages),
    symbolsFrom: (start) => readSymbols(symbols, start, size),
  };
}

function readSymbols(
  symbols: readonly SymbolJson[],
  from: number,
  size: PageSize | undefined,
): readonly SymbolView[] {
  let end = from;
  return symbols.map((symbol) => {
    const { text = "" } = symbol;
    const start = end;
    end += text.length;
    return {
      text,
      start,
      end,
      box: readBox(symbol.boundingBox, size),
      confidence: readConfidence(symbol.confidence),
      languages: readLanguages(symbol.property?.detectedLanguages),
    };
  });
}

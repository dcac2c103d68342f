import type { PageSize } from "../document/index.ts";
import { readPolygon } from "./annotation-box.ts";
import {
  detailsOf,
  floatOf,
  sizeOfPage,
  type FlatAnnotation,
  type FlatResponse,
} from "./flat-annotation.ts";

type Page = NonNullable<NonNullable<FlatResponse["fullTextAnnotation"]>["pages"]>[number];
type Word = NonNullable<
  NonNullable<NonNullable<Page["blocks"]>[number]["paragraphs"]>[number]["words"]
>[number];

/**
 * The words of a response. Where it has none of the structure that tells words with their confidence,
 * they are those of the plain text annotation; where a mask left only the whole text, that is one row.
 */
export function textRows(
  response: FlatResponse,
  size: PageSize | undefined,
): readonly FlatAnnotation[] {
  const { fullTextAnnotation, textAnnotations = [] } = response;
  const words = (fullTextAnnotation?.pages ?? []).flatMap((page) => wordRows(page, size));
  if (words.length > 0) return words;
  const [whole, ...parts] = textAnnotations.map(
    ({ mid, description, locale, score, confidence, boundingPoly, ...rest }): FlatAnnotation => ({
      ...{ kind: "word", id: mid, description, locale },
      ...{ score: floatOf(score), confidence: floatOf(confidence) },
      polygon: readPolygon(boundingPoly, size),
      ...detailsOf(rest),
    }),
  );
  if (parts.length > 0) return parts;
  const text = fullTextAnnotation?.text;
  if (whole === undefined && text === undefined) return [];
  return [{ description: text, ...whole, kind: "text" }];
}

function wordRows(page: Page, outer: PageSize | undefined): FlatAnnotation[] {
  const size = sizeOfPage(page) ?? outer;
  const rows: FlatAnnotation[] = [];
  (page.blocks ?? []).forEach((block, blockIndex) => {
    (block.paragraphs ?? []).forEach((paragraph, paragraphIndex) => {
      const place = { block: blockIndex, paragraph: paragraphIndex };
      for (const word of paragraph.words ?? []) rows.push(wordRow(word, { place, size }));
    });
  });
  return rows;
}

function wordRow(
  { symbols = [], property, boundingBox, confidence, ...rest }: Word,
  { place, size }: { readonly place: object; readonly size: PageSize | undefined },
): FlatAnnotation {
  let description = "";
  for (const { text = "" } of symbols) description += text;
  const end = symbols.at(-1)?.property?.detectedBreak?.type;
  return {
    kind: "word",
    description,
    locale: property?.detectedLanguages?.[0]?.languageCode,
    confidence: floatOf(confidence),
    polygon: readPolygon(boundingBox, size),
    details: { ...place, break: end, ...rest },
  };
}

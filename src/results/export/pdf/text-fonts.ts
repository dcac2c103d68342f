import { addDeflated } from "./deflated-stream.ts";
import { advance, ascent, createGlyphlessFont, descent, unitsPerEm } from "./glyphless-font.ts";
import type { PdfContext, PdfLibrary, PdfRef } from "./pdf-library.ts";

/** Characters that one font can tell apart: codes have two bytes, and 0 stands for none. */
const codesPerFont = 0xffff;
/** A CMap lists at most this many characters in one go. */
const charactersPerList = 100;

/** Text in one font, as codes in hexadecimal. */
export interface EncodedRun {
  readonly font: string;
  readonly codes: string;
  readonly characters: number;
}

/**
 * The fonts of invisible text: every code point gets a code of its own when it is first used, and the
 * fonts, whose tables tell what the codes stand for, are made when all text is known.
 */
export class TextFonts {
  readonly #context: PdfContext;
  readonly #codes = new Map<string, number>();
  readonly #refs: PdfRef[] = [];

  constructor(context: PdfContext) {
    this.#context = context;
  }

  /** Turns text into codes, in runs of one font. */
  encode(text: string): readonly EncodedRun[] {
    const runs: EncodedRun[] = [];
    for (const character of text) {
      const { font, code } = this.#codeOf(character);
      const last = runs.at(-1);
      if (last?.font !== font) {
        runs.push({ font, codes: code, characters: 1 });
        continue;
      }
      const { codes, characters } = last;
      runs[runs.length - 1] = { font, codes: codes + code, characters: characters + 1 };
    }
    return runs;
  }

  /** The fonts so far by the names that content calls them by. */
  resources(): ReadonlyMap<string, PdfRef> {
    return new Map(this.#refs.map((ref, place) => [nameOf(place), ref]));
  }

  /** Adds the fonts to the document. */
  write({ PDFString }: PdfLibrary): void {
    const context = this.#context;
    const glyphs = createGlyphlessFont();
    const file = addDeflated(context, glyphs, { Length1: glyphs.length });
    const descriptor = context.register(context.obj({ ...descriptorFields, FontFile2: file }));
    const toGlyph = Buffer.alloc((codesPerFont + 1) * 2);
    for (let code = 0; code <= codesPerFont; code++) toGlyph[code * 2 + 1] = 1;
    const descendant = context.register(
      context.obj({
        ...{ Type: "Font", Subtype: "CIDFontType2", BaseFont: fontName, DW: advance },
        CIDSystemInfo: {
          ...{ Registry: PDFString.of("Adobe"), Ordering: PDFString.of("Identity"), Supplement: 0 },
        },
        FontDescriptor: descriptor,
        CIDToGIDMap: addDeflated(context, toGlyph),
      }),
    );
    const characters = [...this.#codes.keys()];
    this.#refs.forEach((ref, place) => {
      const own = characters.slice(place * codesPerFont, (place + 1) * codesPerFont);
      const font = {
        ...{ Type: "Font", Subtype: "Type0", BaseFont: fontName, Encoding: "Identity-H" },
        DescendantFonts: [descendant],
        ToUnicode: addDeflated(context, toUnicode(own)),
      };
      context.assign(ref, context.obj(font));
    });
  }

  #codeOf(character: string): { readonly font: string; readonly code: string } {
    const known = this.#codes.get(character);
    const number = known ?? this.#codes.size;
    if (known === undefined) this.#codes.set(character, number);
    const place = Math.floor(number / codesPerFont);
    if (this.#refs.length === place) this.#refs.push(this.#context.nextRef());
    return { font: nameOf(place), code: hex((number % codesPerFont) + 1) };
  }
}

const fontName = "GlyphlessText";

const descriptorFields = {
  ...{ Type: "FontDescriptor", FontName: fontName, Flags: 4, ItalicAngle: 0, StemV: 80 },
  ...{ FontBBox: [0, descent, advance, ascent], Ascent: ascent, Descent: descent },
  CapHeight: ascent,
};

/** The width of a character at a font size of 1. */
export const characterWidth = advance / unitsPerEm;
/** How far the base line is above the bottom of a line, at a font size of 1. */
export const baseLine = -descent / unitsPerEm;

function nameOf(place: number): string {
  return `GlyphlessText${place}`;
}

/** The table by which programs read codes as characters; the first character has the code 1. */
function toUnicode(characters: readonly string[]): string {
  const lists: string[] = [];
  for (let from = 0; from < characters.length; from += charactersPerList) {
    const listed = characters.slice(from, from + charactersPerList);
    const lines = listed.map((each, place) => `<${hex(from + place + 1)}> <${utf16(each)}>`);
    lists.push(`${listed.length} beginbfchar\n${lines.join("\n")}\nendbfchar`);
  }
  return [
    "/CIDInit /ProcSet findresource begin",
    ...["12 dict begin", "begincmap"],
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
    ...["/CMapName /Adobe-Identity-UCS def", "/CMapType 2 def"],
    ...["1 begincodespacerange", "<0000> <FFFF>", "endcodespacerange"],
    ...lists,
    ...["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end", ""],
  ].join("\n");
}

function utf16(character: string): string {
  let text = "";
  for (let at = 0; at < character.length; at++) text += hex(character.charCodeAt(at));
  return text;
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, "0");
}

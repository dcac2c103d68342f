import type { StatusFields } from "../../errors/index.ts";
import type { ResultStatus } from "../result-record.ts";
import type { Box } from "./box.ts";
import type { WritingDirection } from "./writing-direction.ts";

/** A part of a page's text. Offsets count UTF-16 code units of the page's text. */
export interface TextPart {
  /** Its text. */
  readonly text: string;
  /** Where it begins. */
  readonly start: number;
  /** Where it ends: the offset behind its last code unit. */
  readonly end: number;
  /** Undefined where the response tells no place. */
  readonly box: Box | undefined;
}

/** What is told of a part of a page beside its text. */
export interface RecognizedPart extends TextPart {
  /** From 0 to 1; undefined where none was given. */
  readonly confidence: number | undefined;
  /** Codes of the languages that were detected here, canonical BCP 47, likeliest first. */
  readonly languages: readonly string[];
}

/** One symbol: a letter, with marks that may make it several code points. */
export type SymbolView = RecognizedPart;

/** One word, or sign of punctuation, as the service divides text. */
export interface WordView extends RecognizedPart {
  /** Empty where the response has no symbols. */
  readonly symbols: readonly SymbolView[];
  /** What stands between it and the next word. A line ends after `\n`. */
  readonly separator: "" | " " | "\n";
}

/** One line of text. Its text ends with `-` where a word goes on in the next line. */
export interface LineView extends TextPart {
  /** Its words, from first to last. */
  readonly words: readonly WordView[];
  /** The direction of most of its words. */
  readonly direction: WritingDirection;
  /** How it ends: within a word, within a paragraph by wrapping, or for good. */
  readonly ending: "hyphen" | "wrap" | "end";
}

/** One paragraph. Lines of its text end with `\n`, but for the last. */
export interface ParagraphView extends RecognizedPart {
  /** Its lines, from first to last. */
  readonly lines: readonly LineView[];
  /** The direction of most of its words. */
  readonly direction: WritingDirection;
}

/** One block of a page. */
export interface BlockView extends RecognizedPart {
  /** `TEXT`, `TABLE`, `PICTURE`, `RULER`, `BARCODE`, or what the service may add. */
  readonly type: string;
  /** Its paragraphs, from first to last. */
  readonly paragraphs: readonly ParagraphView[];
}

/** One page of a document, or an image. */
export interface PageView {
  /** The URI of the input that it is of. */
  readonly uri: string;
  /** The place of the input that it is of, from 0. */
  readonly index: number;
  /** From 1. */
  readonly number: number;
  /** What became of it: without a response it has no text. */
  readonly status: ResultStatus;
  /** Why it has no text, or not all of it. */
  readonly error: StatusFields | Error | undefined;
  /** In pixels, or for documents in points or pixels; undefined where it is not known. */
  readonly width: number | undefined;
  /** In the unit of the width; undefined where it is not known. */
  readonly height: number | undefined;
  /** From 0 to 1; undefined where none was given. */
  readonly confidence: number | undefined;
  /** Codes of the languages that were detected on it, canonical BCP 47, likeliest first. */
  readonly languages: readonly string[];
  /** How far its text is turned on the whole, in degrees counterclockwise. */
  readonly angle: number;
  /** The direction of most of its words. */
  readonly direction: WritingDirection;
  /** In reading order. */
  readonly blocks: readonly BlockView[];
  /** The lines of all blocks, in their order. */
  readonly lines: readonly LineView[];
  /** The words of all lines, in their order. */
  readonly words: readonly WordView[];
  /** Its lines, with `\n` between them. */
  readonly text: string;
}

/** In which order blocks are read: as the service gives them, or column by column. */
export type ReadingOrder = "detected" | "columns";

/** Options of whatever reads pages of text. */
export interface PageOptions {
  /**
   * `detected` keeps the order, and so the text, of the service. `columns` sorts blocks by where they
   * are: column after column, between what spans several. Default `detected`.
   */
  readonly readingOrder?: ReadingOrder | undefined;
}

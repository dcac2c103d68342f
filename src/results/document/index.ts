/**
 * The text of an image or a document with its pages, blocks, lines and words, and where they stand:
 * start with {@link openDocument}.
 *
 * @module vision-batch/document
 */
export type { Box, PageSize } from "./box.ts";
export {
  createDocumentView,
  openDocument,
  pageSeparator,
  type DocumentView,
  type TextRange,
} from "./document-view.ts";
export { groupBySource, type SourceRecords } from "./group-by-source.ts";
export type {
  BlockView,
  LineView,
  PageOptions,
  PageView,
  ParagraphView,
  ReadingOrder,
  RecognizedPart,
  SymbolView,
  TextPart,
  WordView,
} from "./page-view.ts";
export type { PassageBox, TextPassage } from "./passage.ts";
export { readPages } from "./read-pages.ts";
export type { SearchOptions } from "./text-search.ts";
export type { Point, Shape } from "./shape.ts";
export type { WritingDirection } from "./writing-direction.ts";

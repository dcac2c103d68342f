import type { ApiVersion } from "../../protocol/api-version.ts";
import {
  readPages,
  type PageOptions,
  type PageView,
  type ParagraphView,
} from "../document/index.ts";
import type { ResultRecord } from "../result-record.ts";
import type { Exporter } from "./exporter.ts";

/** Options of {@link createMarkdownExporter}. */
export interface MarkdownExportOptions extends PageOptions {
  /** What is written between pages and images, between empty lines. Default the thematic break `***`. */
  readonly separator?: string | undefined;
}

/**
 * Makes an exporter of Markdown: a paragraph for each paragraph, with its lines where they were
 * wrapped, hard breaks where a line ended for good, and words that were divided put together. All that
 * Markdown would take for a sign is escaped; headings, lists and tables are not guessed. Pages follow
 * in the order of the records, one that failed is an empty one. Holds one record at a time.
 */
export function createMarkdownExporter(options: MarkdownExportOptions = {}): Exporter {
  return {
    mediaType: "text/markdown",
    extension: "md",
    export: (records) => writePages(records, options),
  };
}

async function* writePages<V extends ApiVersion>(
  records: AsyncIterable<ResultRecord<V>>,
  options: MarkdownExportOptions,
): AsyncGenerator<string, void, undefined> {
  const between = `\n${options.separator ?? "***"}\n\n`;
  let before = "";
  for await (const record of records) {
    for (const page of readPages(record, options)) {
      yield before + writePage(page);
      before = between;
    }
  }
}

function writePage({ blocks }: PageView): string {
  const paragraphs = blocks.flatMap((block) => block.paragraphs.map(writeParagraph));
  return paragraphs
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) => `${paragraph}\n`)
    .join("\n");
}

/** Where no space is written between words, the space that a line end becomes would be one too many. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3001-\u303f\uff00-\uff60]/u;

function writeParagraph({ lines }: ParagraphView): string {
  let written = "";
  let ending: "start" | "hyphen" | "wrap" | "end" = "start";
  for (const line of lines) {
    const text = plain(line.ending === "hyphen" ? line.text.slice(0, -1) : line.text);
    const isJoined = ending === "hyphen" || (ending === "wrap" && isUnspaced(written, text));
    if (isJoined) written += escapeInline(text);
    else written += `${lineEnds[ending]}${escapeLine(text)}`;
    ending = line.ending;
  }
  // A hyphen at the end of the paragraph has nothing to be put together with.
  return ending === "hyphen" ? `${written}-` : written;
}

const lineEnds = { start: "", hyphen: "", wrap: "\n", end: "\\\n" };

function isUnspaced(before: string, after: string): boolean {
  return unspaced.test(before.slice(-1)) && unspaced.test(after.slice(0, 1));
}

/** A word may hold what would end a line. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, " ")
    .trim();
}

/** An address that became a link would take the escapes in it for its own letters. */
function escapeInline(text: string): string {
  return text
    .replace(/[\\`*_[\]<&~|$]/g, "\\$&")
    .replaceAll("://", "\\://")
    .replace(/\bwww\./gi, (match) => `${match.slice(0, 3)}\\.`);
}

/** Some signs mean something only where a line begins. */
function escapeLine(text: string): string {
  return escapeInline(text)
    .replace(/^[#+=>-]/, "\\$&")
    .replace(/^(\d{1,9})([.)])/, "$1\\$2");
}

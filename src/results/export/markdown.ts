import type { ApiVersion } from "../../protocol/api-version.ts";
import {
  readPages,
  type LineView,
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
  "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\\p{Script=Tibetan}\\u3001-\\u303f\\uff00-\\uff60]";
const unspacedEnd = new RegExp(`${unspaced}$`, "u");
const unspacedStart = new RegExp(`^${unspaced}`, "u");

/** A line as it is written: several of the page, where these go on without a space. */
interface JoinedLine {
  text: string;
  ending: LineView["ending"];
}

function writeParagraph({ lines }: ParagraphView): string {
  const joined: JoinedLine[] = [];
  for (const { text: read, ending } of lines) {
    const text = plain(ending === "hyphen" ? read.slice(0, -1) : read);
    const last = joined.at(-1);
    if (last !== undefined && goesOn(last, text)) {
      last.text += text;
      last.ending = ending;
      // A hard break before nothing would be a backslash.
    } else if (text !== "" || ending === "hyphen") joined.push({ text, ending });
  }
  return joined
    .map(({ text, ending }, place) => {
      if (place < joined.length - 1) return escapeLine(text) + (ending === "end" ? "\\\n" : "\n");
      // A hyphen at the end of the paragraph has nothing to be put together with.
      return escapeLine(ending === "hyphen" ? `${text}-` : text);
    })
    .join("");
}

function goesOn({ text, ending }: JoinedLine, next: string): boolean {
  if (ending !== "wrap") return ending === "hyphen";
  return unspacedEnd.test(text) && unspacedStart.test(next);
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
    .replace(/(www)\./gi, "$1\\.");
}

/** Some signs mean something only where a line begins. */
function escapeLine(text: string): string {
  return escapeInline(text)
    .replace(/^[#+=>:-]/, "\\$&")
    .replace(/^(\d{1,9})([.)])/, "$1\\$2");
}

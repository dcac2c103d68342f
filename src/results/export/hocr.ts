import type { ApiVersion } from "../../protocol/api-version.ts";
import {
  readPages,
  type BlockView,
  type Box,
  type LineView,
  type PageOptions,
  type PageView,
  type ParagraphView,
  type WordView,
} from "../document/index.ts";
import type { ResultRecord } from "../result-record.ts";
import type { Exporter } from "./exporter.ts";
import { checkFrame, frameOf, type FrameOptions, type PageFrame } from "./page-frame.ts";
import { escapeXml, xmlAttributes } from "./xml-text.ts";

/** Options of {@link createHocrExporter}. */
export interface HocrExportOptions extends PageOptions, FrameOptions {
  /** The title of the HTML file. Default `OCR results`. */
  readonly title?: string | undefined;
}

/**
 * Makes an exporter of hOCR 1.2: one file that is HTML and well-formed XML, with an `ocr_page` for each
 * page and image in the order of the records; `image` names its source and `ppageno` its place in it.
 * `bbox` is level whatever the text is, and `textangle` says how far a line is turned. A page that
 * failed is an empty one with its status in `data-status`. Holds one record at a time.
 *
 * @throws RangeError for a `scale` that is not above 0.
 */
export function createHocrExporter(options: HocrExportOptions = {}): Exporter {
  checkFrame(options);
  return {
    mediaType: "text/vnd.hocr+html",
    extension: "hocr",
    export: (records) => writePages(records, options),
  };
}

async function* writePages<V extends ApiVersion>(
  records: AsyncIterable<ResultRecord<V>>,
  options: HocrExportOptions,
): AsyncGenerator<string, void, undefined> {
  yield headOf(options.title ?? "OCR results");
  let place = 0;
  for await (const record of records) {
    for (const page of readPages(record, options)) {
      place++;
      yield new PageWriter(page, frameOf(page, options), place).write();
    }
  }
  yield "</body>\n</html>\n";
}

function headOf(title: string): string {
  return `<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<title>${escapeXml(title)}</title>
<meta name="ocr-system" content="Google Cloud Vision, written by vision-batch"/>
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_photo ocr_separator ocr_par ocr_line ocrx_word ocrp_lang ocrp_dir"/>
</head>
<body>
`;
}

/** What is inherited from the part around. */
interface Around {
  readonly box: Box | undefined;
  readonly language: string | undefined;
}

/** Blocks that may be without text. */
const graphicClasses: Readonly<Record<string, string>> = {
  PICTURE: "ocr_photo",
  RULER: "ocr_separator",
};

class PageWriter {
  readonly #page: PageView;
  readonly #frame: PageFrame;
  readonly #place: number;
  readonly #counts: Record<string, number> = {};

  constructor(page: PageView, frame: PageFrame, place: number) {
    this.#page = page;
    this.#frame = frame;
    this.#place = place;
  }

  write(): string {
    const { uri, number, status, languages, blocks } = this.#page;
    const { width, height } = this.#frame;
    const bbox = `bbox 0 0 ${Math.round(width)} ${Math.round(height)}`;
    const attributes = xmlAttributes({
      class: "ocr_page",
      id: `page_${this.#place}`,
      // In a title, quotes end a string.
      title: `image "${uri.replaceAll('"', "%22")}"; ${bbox}; ppageno ${number - 1}`,
      "data-status": status === "succeeded" ? undefined : status,
      ...languageAttributes(languages[0]),
    });
    const around = { box: undefined, language: languages[0] };
    const content = blocks.map((block) => this.#block(block, around)).join("");
    return `<div${attributes}>\n${content}</div>\n`;
  }

  #block(block: BlockView, around: Around): string {
    const language = block.languages[0] ?? around.language;
    const inside = { box: block.box, language };
    const paragraphs = block.paragraphs.filter(({ lines }) => lines.length > 0);
    const content = paragraphs.map((paragraph) => this.#paragraph(paragraph, inside)).join("");
    const graphic = content === "" ? graphicClasses[block.type] : undefined;
    if (content === "" && (graphic === undefined || block.box === undefined)) return "";
    const attributes = xmlAttributes({
      class: graphic ?? "ocr_carea",
      id: this.#id("block"),
      title: this.#bbox(block.box) ?? this.#wholePage(),
      ...languageAttributes(language, around.language),
    });
    return `<div${attributes}>\n${content}</div>\n`;
  }

  #paragraph(paragraph: ParagraphView, around: Around): string {
    const { direction, lines, text } = paragraph;
    const language = paragraph.languages[0] ?? around.language;
    const inside = { box: paragraph.box ?? around.box, language };
    const attributes = xmlAttributes({
      class: "ocr_par",
      id: this.#id("par"),
      title: this.#bbox(paragraph.box),
      dir: direction === "rtl" ? "rtl" : undefined,
      style: direction === "ttb" ? `writing-mode: ${columnsOf(text)}` : undefined,
      ...languageAttributes(language, around.language),
    });
    const content = lines.map((line) => this.#line(line, paragraph, inside)).join("\n");
    return `<p${attributes}>\n${content}\n</p>\n`;
  }

  #line(line: LineView, paragraph: ParagraphView, around: Around): string {
    const { direction, words } = line;
    const angle = line.box?.angle ?? 0;
    const bbox = this.#bbox(line.box) ?? this.#bbox(around.box) ?? this.#wholePage();
    const attributes = xmlAttributes({
      class: "ocr_line",
      id: this.#id("line"),
      title: bbox + (angle === 0 ? "" : `; textangle ${angle}`),
      dir: direction === paragraph.direction || direction === "ttb" ? undefined : direction,
    });
    const content = words.map((word) => this.#word(word, line, around)).join("");
    return `<span${attributes}>${content}</span>`;
  }

  #word(word: WordView, line: LineView, around: Around): string {
    const confidence =
      word.confidence === undefined ? [] : [`x_wconf ${Math.round(word.confidence * 100)}`];
    const title = [this.#bbox(word.box) ?? [], confidence].flat().join("; ");
    const attributes = xmlAttributes({
      class: "ocrx_word",
      id: this.#id("word"),
      title: title === "" ? undefined : title,
      ...languageAttributes(word.languages[0] ?? around.language, around.language),
    });
    const isDivided = word.separator === "\n" && line.ending === "hyphen";
    // A hyphen that only the end of the line brings is a soft one.
    const text = escapeXml(word.text) + (isDivided ? "\u00ad" : "");
    return `<span${attributes}>${text}</span>${word.separator === " " ? " " : ""}`;
  }

  #bbox(box: Box | undefined): string | undefined {
    const place = this.#frame.place(box);
    if (place === undefined) return undefined;
    const { left, top, width, height } = place;
    return `bbox ${[left, top, left + width, top + height].map(Math.round).join(" ")}`;
  }

  /** Lines and areas must have a place; where none is known, it is somewhere on the page. */
  #wholePage(): string {
    return `bbox 0 0 ${Math.round(this.#frame.width)} ${Math.round(this.#frame.height)}`;
  }

  #id(kind: string): string {
    const count = (this.#counts[kind] ?? 0) + 1;
    this.#counts[kind] = count;
    return `${kind}_${this.#place}_${count}`;
  }
}

/** The language, unless it is that of the part around. HTML reads the one attribute, XML the other. */
function languageAttributes(
  language: string | undefined,
  around?: string,
): Readonly<Record<string, string | undefined>> {
  const lang = language === around ? undefined : language;
  return { lang, "xml:lang": lang };
}

/** Mongolian columns follow each other to the right, all others to the left. */
function columnsOf(text: string): string {
  return /\p{Script=Mongolian}/u.test(text) ? "vertical-lr" : "vertical-rl";
}

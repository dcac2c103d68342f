import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ImageResponse } from "../response-types.ts";
import type { ResultRecord } from "../result-record.ts";
import { readBox, type PageSize } from "./box.ts";
import { readConfidence } from "./confidence.ts";
import { readWords, type BlockJson, type PageJson } from "./full-text-words.ts";
import { readLanguages } from "./language-code.ts";
import { Block, layOut, Paragraph } from "./page-parts.ts";
import type { LineView, PageOptions, PageView } from "./page-view.ts";
import { alignWords } from "./plain-words.ts";
import { orderByColumns, type PageReading } from "./reading-order.ts";
import { commonAngle } from "./shape.ts";
import type { WritingDirection } from "./writing-direction.ts";

/**
 * The pages of a record: one, unless the service answered several in one response. A record without a
 * response is a page without text. Text comes from `fullTextAnnotation`; where that has no words, from
 * `textAnnotations`, and where there are none, from `fullTextAnnotation.text`, without places.
 */
export function readPages<V extends ApiVersion>(
  record: ResultRecord<V>,
  options: PageOptions = {},
): readonly PageView[] {
  const { uri, index, page: first = 1, status } = record;
  const error = "error" in record ? record.error : undefined;
  // What is read here is the same in all versions.
  const response = "response" in record ? (record.response as ImageResponse) : {};
  const pages = response.fullTextAnnotation?.pages ?? [];
  const contents = (pages.length === 0 ? [{}] : pages).map((page) => {
    const size = sizeOf(page);
    return { page, size, blocks: (page.blocks ?? []).map((block) => readBlock(block, size)) };
  });
  const isWithoutWords = contents.every(({ blocks }) => blocks.every(({ text }) => text === ""));
  return contents.map(({ page, size, blocks }, i) => {
    const plain = isWithoutWords && i === 0 ? readPlainBlocks(response, size) : [];
    const content = arrange([...blocks, ...plain], options);
    return {
      uri,
      index,
      number: first + i,
      status,
      error,
      ...pageFields(page, response),
      ...content,
    };
  });
}

function pageFields(
  page: PageJson,
  response: ImageResponse,
): Pick<PageView, "width" | "height" | "confidence" | "languages"> {
  const size = sizeOf(page);
  const languages = readLanguages(page.property?.detectedLanguages);
  const locale = response.textAnnotations?.[0]?.locale;
  return {
    width: size?.width,
    height: size?.height,
    confidence: readConfidence(page.confidence),
    languages:
      languages.length > 0 || locale === undefined
        ? languages
        : readLanguages([{ languageCode: locale }]),
  };
}

function sizeOf({ width = 0, height = 0 }: PageJson): PageSize | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}

function readBlock(block: BlockJson, size: PageSize | undefined): Block {
  const paragraphs = (block.paragraphs ?? []).map((paragraph) => {
    const fields = {
      box: readBox(paragraph.boundingBox, size),
      confidence: readConfidence(paragraph.confidence),
      languages: readLanguages(paragraph.property?.detectedLanguages),
    };
    return new Paragraph(readWords(paragraph, size), fields, size);
  });
  const fields = {
    type: block.blockType ?? "TEXT",
    box: readBox(block.boundingBox, size),
    confidence: readConfidence(block.confidence),
    languages: readLanguages(block.property?.detectedLanguages),
  };
  return new Block(paragraphs, fields, size);
}

/** Where no paragraphs are known, all is one. */
function readPlainBlocks(response: ImageResponse, size: PageSize | undefined): Block[] {
  const [whole, ...words] = response.textAnnotations ?? [];
  const text = whole?.description ?? response.fullTextAnnotation?.text ?? "";
  const drafts = alignWords(text, words, size);
  if (drafts.length === 0) return [];
  const fields = { box: readBox(whole?.boundingPoly, size), confidence: undefined, languages: [] };
  const paragraph = new Paragraph(drafts, fields, size);
  return [new Block([paragraph], { ...fields, type: "TEXT" }, size)];
}

type Content = Pick<PageView, "blocks" | "lines" | "words" | "text" | "angle" | "direction">;

function arrange(detected: readonly Block[], options: PageOptions): Content {
  const reading = readingOf(linesOf(detected));
  const blocks = options.readingOrder === "columns" ? orderByColumns(detected, reading) : detected;
  const text = layOut(blocks);
  const lines = linesOf(blocks);
  return { ...reading, blocks, lines, words: lines.flatMap((line) => line.words), text };
}

function linesOf(blocks: readonly Block[]): readonly LineView[] {
  return blocks.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines));
}

function readingOf(lines: readonly LineView[]): PageReading {
  const counts: Record<WritingDirection, number> = { ltr: 0, rtl: 0, ttb: 0 };
  for (const line of lines) counts[line.direction] += line.words.length;
  const others = counts.rtl >= counts.ttb ? "rtl" : "ttb";
  const inPixels = lines.some((line) => line.box?.pixels !== undefined);
  const unit = inPixels ? "pixels" : "normalized";
  const shapes = lines.flatMap((line) => line.box?.[unit] ?? []);
  return {
    angle: commonAngle(shapes, unit),
    direction: counts[others] > counts.ltr ? others : "ltr",
  };
}

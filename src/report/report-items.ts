import { readPages, type PageSize, type PageView } from "../results/document/index.ts";
import type { FlatAnnotation } from "../results/export/flat-annotation.ts";
import { flatAnnotations } from "../results/export/flat-annotations.ts";
import { frameOf, type PartCorners } from "./frame.ts";
import { itemFindings } from "./item-findings.ts";
import { cornersOf, itemText } from "./item-text.ts";
import { nameOf, type NamedRecord } from "./named-record.ts";
import type { ReportItem } from "./report-data.ts";

/** An item without what is known of it only in its report. */
export type BareItem = Omit<ReportItem, "place" | "thumbnail" | "preview">;

/**
 * The items of a record: one, unless its response has several pages of text; what the response tells
 * beside text stands in the first.
 * @param imageSize that of the image, where it was read: it counts where the response tells none.
 */
export function reportItems(
  record: NamedRecord,
  imageSize: PageSize | undefined,
): readonly BareItem[] {
  const pages = readPages(record);
  const rows = findingsOf(record, pages[0]);
  const name = nameOf(record);
  return pages.map((page, i) => {
    const own = i === 0 ? rows : [];
    const size = sizeOf(page) ?? imageSize;
    const frame = frameOf(size, partsOf(page, own));
    const isPage = record.page !== undefined || pages.length > 1;
    const text = itemText(page, frame);
    return {
      uri: record.uri,
      ...(name === undefined ? {} : { name }),
      ...(isPage ? { page: page.number } : {}),
      ...{ status: record.status, width: frame.width, height: frame.height },
      ...(text === undefined ? {} : { text }),
      ...itemFindings(own, frame),
    };
  });
}

/** Words are read as pages are, so that only the rest is asked for. */
function findingsOf(record: NamedRecord, page: PageView | undefined): readonly FlatAnnotation[] {
  const size = page === undefined ? undefined : sizeOf(page);
  if (!("response" in record)) return flatAnnotations(record, size);
  const { fullTextAnnotation: _fullText, textAnnotations: _text, ...response } = record.response;
  return flatAnnotations({ ...record, response }, size);
}

function sizeOf({ width, height }: PageView): PageSize | undefined {
  return width === undefined || height === undefined ? undefined : { width, height };
}

function* partsOf(page: PageView, rows: readonly FlatAnnotation[]): Generator<PartCorners> {
  for (const { polygon } of rows) if (polygon !== undefined) yield polygon;
  for (const { box } of page.words) if (box !== undefined) yield cornersOf(box);
}

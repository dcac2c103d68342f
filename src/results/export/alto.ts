import type { ApiVersion } from "../../protocol/api-version.ts";
import { readPages, type PageOptions, type PageView } from "../document/index.ts";
import type { ResultRecord } from "../result-record.ts";
import { AltoPageWriter } from "./alto-page.ts";
import type { Exporter } from "./exporter.ts";
import { checkFrame, frameOf, type FrameOptions } from "./page-frame.ts";
import { escapeXml } from "./xml-text.ts";

/** Options of {@link createAltoExporter}. */
export interface AltoExportOptions extends PageOptions, FrameOptions {
  /** Whether symbols are written too, as `Glyph`. Default false. */
  readonly glyphs?: boolean | undefined;
}

/**
 * Makes an exporter of ALTO 4.4 with a `Page` for each page and image, in the order of the records. ALTO
 * is meant for one source a file, which its description names: pages of others that follow have their
 * URI in `PAGECLASS`; `groupBySource` keeps sources apart. A page that failed has no print space, and why
 * in `QUALITY_DETAIL`. ALTO has no file without a page: of no records, nothing is written. Holds one
 * record at a time.
 *
 * @throws RangeError for a `scale` that is not above 0.
 */
export function createAltoExporter(options: AltoExportOptions = {}): Exporter {
  checkFrame(options);
  return {
    mediaType: "application/xml",
    extension: "xml",
    export: (records) => writePages(records, options),
  };
}

async function* writePages<V extends ApiVersion>(
  records: AsyncIterable<ResultRecord<V>>,
  options: AltoExportOptions,
): AsyncGenerator<string, void, undefined> {
  let first: PageView | undefined;
  let place = 0;
  for await (const record of records) {
    for (const page of readPages(record, options)) {
      if (first === undefined) yield headOf(page.uri);
      first ??= page;
      const writer = new AltoPageWriter(page, frameOf(page, options), {
        place: ++place,
        isOfOtherSource: page.uri !== first.uri,
        glyphs: options.glyphs ?? false,
      });
      yield writer.write();
    }
  }
  if (first !== undefined) yield "</Layout>\n</alto>\n";
}

function headOf(uri: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>${escapeXml(uri)}</fileName></sourceImageInformation>
<Processing ID="ocr"><processingCategory>contentGeneration</processingCategory><processingSoftware><softwareCreator>Google</softwareCreator><softwareName>Cloud Vision</softwareName></processingSoftware></Processing>
</Description>
<Layout>
`;
}

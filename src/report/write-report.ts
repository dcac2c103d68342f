import { mapAhead } from "../results/map-ahead.ts";
import { openFileTarget } from "./file-target.ts";
import { openFolderTarget } from "./folder-target.ts";
import type { NamedRecord } from "./named-record.ts";
import { readPageAssets, type PageAssets } from "./page-assets.ts";
import type { Pictures } from "./pictures.ts";
import { ReportChunks } from "./report-chunks.ts";
import type { ReportItem, ReportSummary, RunFacts } from "./report-data.ts";
import { reportItems } from "./report-items.ts";
import type { ReportTarget } from "./report-target.ts";
import { ReportTotals } from "./report-totals.ts";

/** Options of {@link writeReport}. */
export interface ReportOptions {
  /** Default: `Vision report`. */
  readonly title?: string | undefined;
  /** What the report is of, as it is shown. */
  readonly sources?: readonly string[] | undefined;
  /** Makes the pictures of a record. Default: there are none, and boxes are drawn without. */
  readonly pictures?: ((record: NamedRecord) => Promise<Pictures | undefined>) | undefined;
  /** Tells of the run that the records are of, once they are read. */
  readonly run?: (() => Promise<RunFacts>) | undefined;
  /** Hears of the items that were written so far. */
  readonly onProgress?: ((items: number) => void) | undefined;
  /** Ends the writing, of which nothing is left. */
  readonly signal?: AbortSignal | undefined;
  /** Default: those of the build. */
  readonly assets?: PageAssets | undefined;
  /** Default: now. */
  readonly createdAt?: Date | undefined;
}

/** So many records have their pictures made while earlier ones are written. */
const picturesAhead = 4;

/**
 * Writes records as a page to look at: one HTML file where the path ends in `.html` or `.htm`, else a folder
 * with `index.html`. It works from a disk without a network. In memory that does not grow with the records,
 * as a folder; who opens one file has all of it in memory. Where anything fails, nothing is left.
 * @throws the signal's reason; errors of the file system, e.g. where the folder is there and not empty.
 */
export async function writeReport(
  path: string,
  records: AsyncIterable<NamedRecord>,
  options: ReportOptions = {},
): Promise<ReportSummary> {
  const { title = "Vision report" } = options;
  const assets = options.assets ?? (await readPageAssets());
  const target = /\.html?$/i.test(path)
    ? await openFileTarget(path, { title, assets })
    : await openFolderTarget(path, assets);
  try {
    const totals = await writeItems(target, records, options);
    const run = await options.run?.();
    const summary: ReportSummary = {
      ...{ title, createdAt: (options.createdAt ?? new Date()).toISOString() },
      ...{ sources: options.sources ?? [], ...totals.summary() },
      ...(run === undefined ? {} : { run }),
    };
    await target.end(summary);
    return summary;
  } finally {
    await target.discard();
  }
}

async function writeItems(
  target: ReportTarget,
  records: AsyncIterable<NamedRecord>,
  { pictures, signal, onProgress }: ReportOptions,
): Promise<ReportTotals> {
  const chunks = new ReportChunks(target);
  const totals = new ReportTotals();
  let place = 0;
  const illustrated = mapAhead(
    () => records,
    { ahead: pictures === undefined ? 0 : picturesAhead, signal },
    async (record) => ({ record, made: await pictures?.(record) }),
  );
  for await (const { record, made } of illustrated) {
    for (const [i, bare] of reportItems(record, made?.size).entries()) {
      const sources = i === 0 && made !== undefined ? await keepPictures(target, place, made) : {};
      const item: ReportItem = { place: place++, ...bare, ...sources };
      totals.add(item);
      await chunks.add(item);
      onProgress?.(place);
    }
  }
  await chunks.end();
  return totals;
}

async function keepPictures(
  target: ReportTarget,
  place: number,
  { thumbnail, preview }: Pictures,
): Promise<Pick<ReportItem, "thumbnail" | "preview">> {
  const small = await target.picture(`${place}`, thumbnail);
  if (preview === undefined) return { thumbnail: small };
  return { thumbnail: small, preview: await target.picture(`${place}-large`, preview) };
}

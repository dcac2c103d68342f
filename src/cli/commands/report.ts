import { readdir, stat } from "node:fs/promises";
import { resolve } from "node:path";
import {
  RecordPictures,
  writeReport,
  type ReportSummary,
  type RunFacts,
} from "../../report/index.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { leaveOnInterrupt } from "../interrupts.ts";
import { createProgress } from "../render/create-progress.ts";
import type { Progress } from "../render/progress.ts";
import { parsePictureSizes, readBelow, type PictureFlags } from "../report-pictures.ts";
import { openReportSource, type ReportSourceFlags } from "../report-source.ts";
import { say } from "../say.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";

/** The options of `vision-batch report`. */
export interface ReportFlags extends ReportSourceFlags, PictureFlags {
  readonly out: string;
  readonly title?: string;
}

/** `vision-batch report`: writes the results of a run, of prefixes or of NDJSON as a page to look at. */
export async function report(
  args: readonly string[],
  flags: ReportFlags,
  streams: Streams,
): Promise<ExitCode> {
  await refuseExisting(flags.out);
  const sizes = parsePictureSizes(flags);
  const progress = createProgress(streams.stderr, flags.quiet);
  using leaving = leaveOnInterrupt();
  try {
    await using source = await openReportSource(args, flags, {
      stdin: streams.stdin,
      signal: leaving.signal,
    });
    await using pictures =
      flags.pictures === false
        ? undefined
        : await RecordPictures.open({
            ...{ ...sizes, store: source.store },
            ...(flags.imageFolder === undefined ? {} : { read: readBelow(flags.imageFolder) }),
          });
    const runs = source.runFacts;
    const summary = await writeReport(flags.out, source.records, {
      title: flags.title ?? defaultTitle(args, flags),
      sources: source.names,
      signal: leaving.signal,
      ...(pictures === undefined ? {} : { pictures: (record) => pictures.of(record) }),
      ...(runs === undefined ? {} : { run: (): Promise<RunFacts> => runs() }),
      onProgress: showProgress(progress),
    });
    progress.stop();
    for (const line of notesOf(summary, { problem: pictures?.problem, flags })) say(streams, line);
    tellEnd(flags.out, summary, streams);
    return exitCodes.done;
  } catch (error) {
    if (leaving.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    progress.stop();
  }
}

function showProgress(progress: Progress): (items: number) => void {
  return (done) => {
    progress.update({ phase: "writing the report", done, unit: "images and pages" });
  };
}

/** What the user may miss in the report. */
function notesOf(
  { items, pictures, run }: ReportSummary,
  { problem, flags }: { readonly problem: string | undefined; readonly flags: ReportFlags },
): readonly string[] {
  const isLost = items > 0 && pictures === 0 && flags.pictures !== false;
  const isUnnamed = isLost && flags.run === undefined && flags.imageFolder === undefined;
  return [
    ...(run !== undefined && run.open > 0 ? [`${run.open} inputs have no result yet`] : []),
    ...(problem === undefined ? [] : [`pictures are lacking: ${problem}`]),
    ...(isUnnamed ? ["no image was found: --image-folder names the folder where they lie"] : []),
  ];
}

function tellEnd(out: string, { items, pictures }: ReportSummary, streams: Streams): void {
  const page = /\.html?$/i.test(out) ? out : `${out.replace(/\/+$/, "")}/index.html`;
  say(streams, `${items} images and pages, ${pictures} with a picture: open ${resolve(page)}`);
}

/** What stands there was not written by this command. */
async function refuseExisting(out: string): Promise<void> {
  const found = await stat(out).catch(() => undefined);
  if (found?.isFile() === true) {
    throw new UsageError(`--out ${out}: there is a file already, which is not written over`);
  }
  if (found?.isDirectory() === true && /\.html?$/i.test(out)) {
    throw new UsageError(`--out ${out}: it is a folder; name a file in it`);
  }
  if (found?.isDirectory() === true && (await readdir(out)).length > 0) {
    throw new UsageError(`--out ${out}: the folder is not empty`);
  }
}

function defaultTitle(args: readonly string[], { run }: ReportFlags): string {
  if (run !== undefined) return `Run ${run}`;
  const [first] = args;
  return args.length === 1 && first !== undefined && first !== "-" ? first : "Vision report";
}

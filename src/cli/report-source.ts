import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { ApiVersion } from "../protocol/api-version.ts";
import { readNdjson, readRunFacts, type NamedRecord, type RunFacts } from "../report/index.ts";
import { findOutputPrefixes, readResults } from "../results/index.ts";
import type { ObjectStore } from "../storage/index.ts";
import { connect } from "./connection.ts";
import { readPrices } from "./run-flags.ts";
import { openRunsOf } from "./runs-session.ts";
import type { RunsFlags } from "./runs-flags.ts";
import { UsageError } from "./usage-error.ts";

/** The options that tell what a report is of. */
export interface ReportSourceFlags extends RunsFlags {
  /** The id of a run of the journal. */
  readonly run?: string;
}

/** What a report is made of. */
export interface ReportSource extends AsyncDisposable {
  readonly records: AsyncIterable<NamedRecord>;
  /** The sources as they are shown. */
  readonly names: readonly string[];
  /** Where the images are. */
  readonly store: ObjectStore;
  /** Tells of the run, where it is one. */
  readonly runFacts?: () => Promise<RunFacts>;
}

interface SourceContext {
  readonly stdin: Readable;
  readonly signal: AbortSignal;
}

/** Opens what a report is to be made of: a run, or prefixes and files. @throws UsageError */
export async function openReportSource(
  args: readonly string[],
  flags: ReportSourceFlags,
  context: SourceContext,
): Promise<ReportSource> {
  if (flags.run !== undefined) {
    if (args.length > 0) throw new UsageError("give sources or --run, not both");
    return openRun(flags.run, flags, context.signal);
  }
  if (args.length === 0) throw new UsageError("give a gs:// prefix, a file of NDJSON, or --run ID");
  const connection = await connect(flags);
  const store = await connection.store();
  const { apiVersion: version } = flags;
  return {
    records: readAll(args, { ...context, store, version }),
    names: args,
    store,
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}

async function openRun(
  id: string,
  flags: ReportSourceFlags,
  signal: AbortSignal,
): Promise<ReportSource> {
  const session = await openRunsOf(id, flags);
  const { run, connection } = session;
  return {
    records: run.results({ signal }),
    names: [`run ${id}`],
    store: await connection.store(),
    runFacts: async () => readRunFacts(run, { prices: await readPrices(flags.prices) }),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

interface ReadingContext extends SourceContext {
  readonly store: ObjectStore;
  readonly version: ApiVersion;
}

async function* readAll(
  args: readonly string[],
  context: ReadingContext,
): AsyncGenerator<NamedRecord> {
  for (const arg of args) {
    if (arg.startsWith("gs://")) yield* readPrefix(arg, context);
    else yield* readFile(arg, context);
  }
}

async function* readPrefix(
  prefix: string,
  { store, version, signal }: ReadingContext,
): AsyncGenerator<NamedRecord> {
  const sources = await findOutputPrefixes(store, prefix, { signal });
  if (sources.length === 0) throw new UsageError(`no results at or below ${prefix}`);
  yield* readResults(store, sources, { version, signal });
}

async function* readFile(
  path: string,
  { stdin, version, signal }: ReadingContext,
): AsyncGenerator<NamedRecord> {
  const input = path === "-" ? stdin : createReadStream(path, { encoding: "utf8" });
  const lines = createInterface({ input, crlfDelay: Infinity, signal });
  try {
    yield* readNdjson(lines, { name: path === "-" ? "stdin" : path, version });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UsageError(`${path}: there is no such file`, { cause: error });
  } finally {
    lines.close();
  }
}

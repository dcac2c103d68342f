import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceConnection } from "../connection.ts";
import { findInputs, listedInputs } from "../inputs/find-inputs.ts";
import type { FoundInput, JobInput } from "../inputs/input.ts";
import { prepareInputs } from "../inputs/prepare-inputs.ts";
import { readLines } from "../inputs/read-lines.ts";
import type { JobFlags, JobSettings } from "../job-flags.ts";
import type { JobContext } from "../job/chunk-run.ts";
import { Job } from "../job/job.ts";
import type { Progress } from "../render/progress.ts";
import type { Streams } from "../streams.ts";
import { UsageError } from "../usage-error.ts";

/** What {@link prepareJob} needs. */
export interface PrepareJobOptions {
  readonly args: readonly string[];
  readonly flags: JobFlags;
  readonly settings: JobSettings;
  readonly connection: ServiceConnection;
  readonly streams: Streams;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly onChange: JobContext["onChange"];
}

/** A job that is ready to be submitted: its inputs are in the bucket and its requests were checked. */
export interface PreparedJob {
  readonly job: Job;
  readonly inputs: readonly JobInput[];
  /** `<output><run id>/`, below which everything is written. */
  readonly runPrefix: string;
}

/**
 * Finds the inputs, puts local ones into the bucket and checks the requests; nothing is submitted.
 * @throws UsageError, InvalidRequestError or StorageError.
 */
export async function prepareJob(options: PrepareJobOptions): Promise<PreparedJob> {
  const { flags, settings, connection, progress, signal, onChange } = options;
  const { output, runId } = settings;
  const found = await gather(options);
  const store = await connection.store();
  const inputs = await prepareInputs(found, {
    ...{ store, output, signal, imagesOnly: flags.images === true },
    onProgress: (state) => {
      progress.update(state);
    },
  });
  noteDuplicates(inputs, progress);
  const { client } = connection;
  const context: JobContext = { ...settings, client, pause, onChange };
  const job = new Job(inputs, context, (name, outcome) => {
    progress.note(`cancel of ${name}: ${outcome}`);
  });
  await job.check();
  return { job, inputs, runPrefix: `${output}${runId}/` };
}

async function pause(delayMs: number, signal: AbortSignal): Promise<boolean> {
  return sleep(delayMs, true, { signal }).catch(() => false);
}

async function gather(options: PrepareJobOptions): Promise<readonly FoundInput[]> {
  const { args, flags, connection, streams, progress, signal } = options;
  const lines = flags.from === undefined ? [] : await readLines(flags.from, streams.stdin, signal);
  const skipped: string[] = [];
  const context = {
    store: await connection.store(),
    signal,
    onSkipped: (path: string) => void skipped.push(path),
  };
  const found = [...(await findInputs(args, context)), ...(await listedInputs(lines, context))];
  if (skipped.length > 0) {
    const shown = skipped.slice(0, 5).join(", ") + (skipped.length > 5 ? ", ..." : "");
    progress.note(`skipped, neither image nor document: ${skipped.length} (${shown})`);
  }
  if (found.length === 0) throw new UsageError("no input: name files or gs:// URIs, or use --from");
  return found;
}

function noteDuplicates(inputs: readonly JobInput[], progress: Progress): void {
  const duplicates = inputs.length - new Set(inputs.map(({ uri }) => uri)).size;
  if (duplicates > 0) {
    progress.note(`${duplicates} inputs are given again; each is annotated and billed anew`);
  }
}

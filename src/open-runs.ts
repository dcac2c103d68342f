import { VisionBatchClient } from "./client.ts";
import type { VisionBatchClientOptions } from "./client-options.ts";
import type { ApiVersion } from "./protocol/api-version.ts";
import type { TransportName } from "./protocol/method-table.ts";
import type { Runs, RunsOptions } from "./runs/index.ts";

/** How runs are opened, and by which client. */
export interface OpenRunsOptions<
  V extends ApiVersion = "v1",
  T extends TransportName = "grpc",
> extends RunsOptions {
  /** A client, which stays open, or the options of one that is made and closed with the runs. Default: one without options. */
  readonly client?: VisionBatchClient<V, T> | VisionBatchClientOptions<V, T> | undefined;
}

/**
 * Opens the runs of a journal: any number of images and files, annotated through crashes.
 *
 * A SQLite journal is written by one process at a time. One that is stopped in the middle of a write
 * (SIGSTOP, a debugger, a frozen container) keeps all others from it: they fail with a JournalError whose
 * reason is `locked`, and can be resumed once it goes on or is ended.
 * @throws JournalError where the journal cannot be used.
 */
export async function openRuns<V extends ApiVersion = "v1", T extends TransportName = "grpc">(
  options: OpenRunsOptions<V, T>,
): Promise<Runs<V>> {
  const { client: given, ...others } = options;
  if (given instanceof VisionBatchClient) return given.runs(others);
  const client = new VisionBatchClient<V, T>(given);
  try {
    return await client.runs({ ...others, closeClient: true });
  } catch (error) {
    await client.close();
    throw error;
  }
}

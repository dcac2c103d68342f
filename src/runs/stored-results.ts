import { errorFromJson } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import type { ObjectStore } from "../storage/index.ts";
import { readChunk, toRunRecord, type RunResultRecord } from "./driver/chunk-results.ts";
import { EndedStatuses } from "./ended-statuses.ts";
import type { ChunkWithAttempt } from "./journal/chunk-record.ts";
import type { Journal } from "./journal/journal.ts";
import { BlockInputs } from "./plan/block-inputs.ts";

/** Where ended chunks and their output are, and what is read of it. */
export interface StoredResultsParts {
  readonly journal: Journal;
  readonly store: ObjectStore;
  readonly version: ApiVersion;
  readonly readMask?: string | readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The records of a chunk that has ended, in lists; nothing of what another chunk sent again. */
export async function* readStored<V extends ApiVersion>(
  { chunk, attempt }: ChunkWithAttempt,
  { journal, store, version, readMask, signal }: StoredResultsParts,
): AsyncGenerator<readonly RunResultRecord<V>[], void, void> {
  const { kind, counts, size } = chunk;
  if (counts.retried === size) return;
  const error = chunk.error === undefined ? undefined : errorFromJson(chunk.error);
  const isAsRead = counts.retried + counts.missing === 0;
  const outcome = isAsRead ? undefined : await journal.readOutcome(chunk);
  const statuses = new EndedStatuses(outcome, error);
  const block = await journal.readBlock(chunk);
  const inputs = block === undefined ? [] : new BlockInputs(kind, block);
  const isUnsent = counts.notSubmitted + counts.retried === size;
  const prefix = isUnsent ? undefined : attempt?.prefix;
  const source = { store, version, kind, inputs, readMask, prefix, error, signal };
  for await (const batch of readChunk<V>(source).batches()) {
    yield batch
      .map((record) => statuses.tell(record))
      .filter((ended) => ended !== undefined)
      .map((ended) => toRunRecord(ended, inputs));
  }
}

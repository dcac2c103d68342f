// Following operations needs no reader: its modules are loaded when the first record is asked for.
import type { ApiVersion } from "./protocol/api-version.ts";
import type {
  ReadResultsOptions,
  ResultReader,
  ResultRecord,
  ResultSource,
} from "./results/index.ts";
import type { ObjectStore } from "./storage/index.ts";

/**
 * Reads the results under one output prefix or several and joins them to their inputs: one record for
 * each image and for each page of a document, in the order of the shards, then one for each input
 * and page that was not found. `break` and abort release what was being fetched.
 * @throws StorageError when the store cannot be read, ResultCountError when the counts do not add up
 * to the inputs, ShardError when `stopOnShardError` is set; all from the iteration.
 */
export function readResults<V extends ApiVersion = "v1">(
  store: ObjectStore,
  sources: string | ResultSource | readonly (string | ResultSource)[],
  options: ReadResultsOptions<V> = {},
): ResultReader<V> {
  let reader: ResultReader<V> | undefined;
  async function* read(): AsyncGenerator<ResultRecord<V>, void, void> {
    const results = await import("./results/index.ts");
    reader = results.readResults(store, sources, options);
    yield* reader;
  }
  return {
    [Symbol.asyncIterator]: read,
    get manifest() {
      return reader?.manifest;
    },
    get cursor() {
      return reader === undefined ? options.cursor : reader.cursor;
    },
  };
}

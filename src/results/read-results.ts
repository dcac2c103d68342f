import { ShardError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { loadJsonCodec } from "../protocol/json-codec.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { findShards } from "./find-shards.ts";
import { checkCounts, Tally, type ResultManifest } from "./manifest.ts";
import { mapAhead } from "./map-ahead.ts";
import { readShard, type FetchedShard, type ShardItem } from "./read-shard.ts";
import type { ResultRecord } from "./result-record.ts";
import { placeSources, type PlacedSource, type ResultSource } from "./result-source.ts";
import type { Shard } from "./shard-name.ts";
import { SourceReading } from "./source-reading.ts";

/** Options of {@link readResults}. */
export interface ReadResultsOptions<V extends ApiVersion = "v1"> {
  /** The version of the API that the results are of. Default `v1`. */
  readonly version?: V | undefined;
  /** Shards, and prefixes to list, that are fetched before they are needed. Default 4. */
  readonly prefetch?: number | undefined;
  /** Larger shards are refused with a {@link ShardError}. Default 256 MiB. */
  readonly maxShardBytes?: number | undefined;
  /** Whether a shard that cannot be read ends the reading. Default: it is in the manifest and the others are read. */
  readonly stopOnShardError?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The records of a set of results, to be iterated once, and then their manifest. */
export interface ResultReader<V extends ApiVersion = "v1"> extends AsyncIterable<ResultRecord<V>> {
  /** What was read; undefined until the last record has been. */
  readonly manifest: ResultManifest | undefined;
}

/**
 * Reads the results under one output prefix or several and joins them to their inputs: one record
 * for each image and for each page of a document, in the order of the shards, then one for each
 * input and page that was not found. The records of one source come together. `break` and abort
 * release what was being fetched.
 * @throws {@link StorageError} when the store cannot be read, {@link ResultCountError} when the counts
 * do not add up to the inputs, {@link ShardError} when `stopOnShardError` is set; all from the iteration.
 */
export function readResults<V extends ApiVersion = "v1">(
  store: ObjectStore,
  sources: string | ResultSource | readonly (string | ResultSource)[],
  options: ReadResultsOptions<V> = {},
): ResultReader<V> {
  return new Reader(store, placeSources(sources), options);
}

/** A shard that has been fetched, or why it could not be; none where a source has no more. */
interface Part<V extends ApiVersion> {
  readonly reading: SourceReading<V>;
  readonly shard?: Shard;
  readonly fetched?: FetchedShard | ShardError;
}

const defaultPrefetch = 4;
const defaultMaxShardBytes = 256 * 1024 * 1024;

class Reader<V extends ApiVersion> implements ResultReader<V> {
  manifest: ResultManifest | undefined;
  readonly #store: ObjectStore;
  readonly #sources: readonly PlacedSource[];
  readonly #options: ReadResultsOptions<V>;
  readonly #stopped = new AbortController();

  constructor(
    store: ObjectStore,
    sources: readonly PlacedSource[],
    options: ReadResultsOptions<V>,
  ) {
    this.#store = store;
    this.#sources = sources;
    this.#options = options;
  }

  [Symbol.asyncIterator](): AsyncIterator<ResultRecord<V>, undefined> {
    const records = this.#read();
    return {
      next: () => records.next(),
      // Stops what is being fetched first: the generators would wait for it.
      return: async () => {
        this.#stopped.abort();
        return records.return(undefined);
      },
    };
  }

  async *#read(): AsyncGenerator<ResultRecord<V>, undefined, undefined> {
    const tally = new Tally();
    for await (const { reading, shard, fetched } of this.#parts(tally)) {
      if (shard === undefined) yield* reading.finish();
      else if (fetched instanceof ShardError) this.#fail(reading, fetched);
      else if (fetched !== undefined) yield* this.#readShard(reading, { shard, fetched, tally });
    }
    const manifest = tally.toManifest();
    checkCounts(manifest);
    this.manifest = manifest;
    return undefined;
  }

  async *#readShard(
    reading: SourceReading<V>,
    { shard, fetched, tally }: { shard: Shard; fetched: FetchedShard; tally: Tally },
  ): AsyncGenerator<ResultRecord<V>, void, undefined> {
    tally.shards++;
    tally.bytes += fetched.bytes;
    const items = toAsyncIterator(fetched.items);
    try {
      for (;;) {
        this.#options.signal?.throwIfAborted();
        const record = await this.#nextRecord(reading, shard, items);
        if (record === "end") return;
        if (record !== undefined) yield record;
      }
    } finally {
      await items.return();
    }
  }

  /** Undefined where a response has no record of its own, now or at all. */
  async #nextRecord(
    reading: SourceReading<V>,
    shard: Shard,
    items: AsyncGenerator<ShardItem, void, undefined>,
  ): Promise<ResultRecord<V> | "end" | undefined> {
    try {
      const next = await items.next();
      return next.done === true ? "end" : reading.read(next.value, shard);
    } catch (error) {
      if (!(error instanceof ShardError)) throw error;
      this.#fail(reading, error);
      return undefined;
    }
  }

  #fail(reading: SourceReading<V>, error: ShardError): void {
    if (this.#options.stopOnShardError === true) throw error;
    reading.fail(error);
  }

  /** The shards of all sources, fetched ahead; the last part of each source has no shard. */
  async *#parts(tally: Tally): AsyncGenerator<Part<V>, void, undefined> {
    const { prefetch = defaultPrefetch, version = "v1" as V } = this.#options;
    const codec = await loadJsonCodec(version);
    const signals = [this.#stopped.signal, this.#options.signal ?? []].flat();
    const ahead = { ahead: prefetch, signal: AbortSignal.any(signals) };
    const readings = mapAhead(this.#sources, ahead, async (source, signal) => {
      const { prefix } = source;
      const shards =
        prefix === undefined ? undefined : await findShards(this.#store, prefix, { signal });
      return new SourceReading<V>(source, shards, { version, codec, tally });
    });
    yield* mapAhead(partsOf(readings), ahead, async (part, signal) => ({
      ...part,
      ...(part.shard === undefined ? {} : { fetched: await this.#fetch(part.shard, signal) }),
    }));
  }

  async #fetch(shard: Shard, signal: AbortSignal): Promise<FetchedShard | ShardError> {
    const { maxShardBytes = defaultMaxShardBytes } = this.#options;
    try {
      return await readShard(this.#store, shard, { signal, maxShardBytes });
    } catch (error) {
      if (error instanceof ShardError) return error;
      throw error;
    }
  }
}

async function* partsOf<V extends ApiVersion>(
  readings: AsyncIterable<SourceReading<V>>,
): AsyncGenerator<Part<V>, void, undefined> {
  for await (const reading of readings) {
    for (const shard of reading.shards?.shards ?? []) yield { reading, shard };
    yield { reading };
  }
}

async function* toAsyncIterator<T>(
  items: AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<T, void, undefined> {
  yield* items;
}

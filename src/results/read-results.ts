import { setTimeout } from "node:timers/promises";
import { CursorError, ShardError, StorageError } from "../errors/index.ts";
import type { ApiVersion } from "../protocol/api-version.ts";
import { loadRecordCodec } from "../protocol/json-codec.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { arrivalsAtEnd, arrivalsOf, recordsOf } from "./arrivals.ts";
import { inBatches } from "./in-batches.ts";
import { InputOrder, type Arrival } from "./input-order.ts";
import { loadReadMask } from "./load-read-mask.ts";
import { checkCounts, type ResultManifest } from "./manifest.ts";
import { mapAhead } from "./map-ahead.ts";
import type { MaskNode } from "./mask/mask-node.ts";
import { openShard, type OpenShard } from "./open-shard.ts";
import { defaultMaxReorderBytes, limitsOf, type ReadResultsOptions } from "./read-options.ts";
import { fingerprintOf, formatCursor, parseCursor } from "./reading-cursor.ts";
import { ReadingState } from "./reading-state.ts";
import type { ResultRecord } from "./result-record.ts";
import {
  placeSources,
  type GivenSources,
  type PlacedSource,
  type ResultSource,
} from "./result-source.ts";
import { failureOf, shardEvents, type ShardEvent } from "./shard-events.ts";

/** The records of a set of results, to be iterated once, and then their manifest. */
export interface ResultReader<V extends ApiVersion = "v1"> extends AsyncIterable<ResultRecord<V>> {
  /** What was read; undefined until the last record has been. */
  readonly manifest: ResultManifest | undefined;
  /**
   * Where the reading is, as JSON for the option `cursor`: a reading that goes on from it gives exactly
   * the records behind the one that was given last, and a manifest of all. Before the first record it is
   * the one that was given, if any. It grows with the inputs of the sources that are being read, not with what was read.
   */
  readonly cursor: string | undefined;
}

/**
 * Reads the results under one output prefix or several and joins them to their inputs: one record
 * for each image and for each page of a document, in the order of the shards, then one for each
 * input and page that was not found. The records of one source come together unless a source is
 * followed. `break` and abort release what was being fetched.
 *
 * Of a shard that breaks off, what stands before the break is given. A checksum is known at the end: a
 * shard up to `maxBufferedBytes` is checked before any of it is given, of a larger one records have
 * been given by then, and the manifest tells.
 * @throws {@link StorageError} when the store cannot be read, {@link ResultCountError} when the counts
 * do not add up to the inputs, {@link ShardError} when `stopOnShardError` is set, {@link ReadMaskError},
 * {@link CursorError}, {@link InputOrderError}; all from the iteration.
 */
export function readResults<V extends ApiVersion = "v1">(
  store: ObjectStore,
  sources: string | ResultSource | readonly (string | ResultSource)[],
  options: ReadResultsOptions<V> = {},
): ResultReader<V> {
  return new BatchReader(store, sources, options);
}

/** A shard that was opened, or why it could not be; neither at the end of a source. */
interface Part {
  readonly event: ShardEvent;
  readonly isReplayed: boolean;
  readonly opened?: OpenShard | ShardError;
}

const defaultPrefetch = 4;
/** Records of a batch, at most: those that are missing are not all made at a time. */
const batchSize = 256;
const defaultFollowIntervalMs = 2000;

/** A {@link ResultReader} whose records can also be had in lists, at a fraction of the awaits. */
export class BatchReader<V extends ApiVersion> implements ResultReader<V> {
  manifest: ResultManifest | undefined;
  readonly #store: ObjectStore;
  readonly #options: ReadResultsOptions<V>;
  readonly #counter = { next: 0 };
  readonly #sources: readonly PlacedSource[];
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  #state: ReadingState<V> | undefined;
  #isBegun = false;
  /** Records that were given before the cursor was taken. */
  #skip = 0;
  /** Whether a record was given. */
  #hasGiven = false;
  #fingerprint: string | undefined;

  constructor(store: ObjectStore, sources: GivenSources, options: ReadResultsOptions<V>) {
    this.#store = store;
    this.#options = options;
    this.#sources = placeSources(sources, this.#counter);
    this.#signal = AbortSignal.any([this.#stopped.signal, options.signal ?? []].flat());
  }

  get cursor(): string | undefined {
    // What is read again up to the given cursor is behind it.
    if (this.#state === undefined || !this.#hasGiven) return this.#options.cursor;
    return formatCursor(this.#state.toCursor(), this.#identify());
  }

  [Symbol.asyncIterator](): AsyncIterator<ResultRecord<V>, undefined> {
    this.#begin();
    const records = this.#read();
    return {
      next: () => records.next(),
      // A record may be asked for: generators end only when what they wait for does.
      return: async () => {
        this.#stopped.abort();
        return records.return(undefined);
      },
    };
  }

  async *#read(): AsyncGenerator<ResultRecord<V>, undefined, undefined> {
    for await (const batch of this.#batches()) {
      for (const record of batch) {
        this.#options.signal?.throwIfAborted();
        this.#state?.give();
        if (this.#skip > 0) {
          this.#skip--;
          continue;
        }
        this.#hasGiven = true;
        yield record;
      }
    }
    return undefined;
  }

  /** The records in lists, as they are found together; for readings without a cursor. */
  batches(): AsyncGenerator<readonly ResultRecord<V>[], void, undefined> {
    this.#begin();
    return this.#batches();
  }

  #begin(): void {
    if (this.#isBegun) throw new TypeError("results are iterated once: read them anew");
    this.#isBegun = true;
  }

  async *#batches(): AsyncGenerator<readonly ResultRecord<V>[], void, undefined> {
    const { version = "v1" as V, readMask, cursor: token } = this.#options;
    const cursor = token === undefined ? undefined : parseCursor(token, this.#identify());
    const [codec, mask] = await Promise.all([
      loadRecordCodec(version),
      loadReadMask(readMask, version),
    ]);
    const sources = this.#sources;
    const maxHeldBytes = this.#options.maxReorderBytes ?? defaultMaxReorderBytes;
    const state = new ReadingState<V>({
      ...{ sources, version, codec, counter: this.#counter, cursor, maxHeldBytes },
    });
    this.#state = state;
    this.#skip = cursor?.skip ?? 0;
    yield* this.#records(state, mask);
    const manifest = state.tally.toManifest();
    checkCounts(manifest);
    this.manifest = manifest;
  }

  async *#records(
    state: ReadingState<V>,
    mask: MaskNode | undefined,
  ): AsyncGenerator<readonly ResultRecord<V>[], void, undefined> {
    const {
      order = "arrival",
      maxReorderBytes = defaultMaxReorderBytes,
      onReorderWait,
    } = this.#options;
    const floor = () => state.floor;
    const sorter =
      order === "input" ? new InputOrder<V>({ maxReorderBytes, onReorderWait, floor }) : undefined;
    for await (const part of this.#parts(state, mask)) {
      for await (const arrivals of this.#readPart(state, part)) {
        yield* inBatches(recordsOf(arrivals, sorter), batchSize);
      }
      state.end(part.event);
      if (sorter !== undefined) yield* inBatches(sorter.release(), batchSize);
      state.check(sorter?.isHolding === true);
    }
  }

  /** What comes of a part, in lists that are read as they are iterated: each must be, before the next is asked for. */
  async *#readPart(
    state: ReadingState<V>,
    { event, opened, isReplayed }: Part,
  ): AsyncGenerator<Iterable<Arrival<V>>, void, undefined> {
    const reading = state.begin(event);
    const { shard } = event;
    if (shard === undefined || opened === undefined) {
      yield arrivalsAtEnd(reading);
      return;
    }
    const onError = (error: unknown): void => {
      if (!(error instanceof ShardError)) throw error;
      if (isReplayed) refuseChange(error);
      if (this.#options.stopOnShardError === true) throw error;
      reading.fail(error);
    };
    if (opened instanceof ShardError) {
      onError(opened);
      return;
    }
    state.tally.shards++;
    const items = opened.items();
    try {
      for (;;) {
        this.#options.signal?.throwIfAborted();
        // What is wrong with the shard as a whole ends it.
        const next = await items.next().catch(onError);
        if (next === undefined || next.done === true) return;
        yield arrivalsOf(reading, { items: next.value, shard, onError });
      }
    } finally {
      await items.return();
      state.tally.bytes += opened.bytes;
    }
  }

  /** The shards of all sources, opened ahead, and the ends of the sources. */
  async *#parts(
    state: ReadingState<V>,
    mask: MaskNode | undefined,
  ): AsyncGenerator<Part, void, undefined> {
    const { prefetch: ahead = defaultPrefetch } = this.#options;
    const release = async ({ opened }: Part): Promise<void> => {
      if (opened !== undefined && !(opened instanceof ShardError)) await opened.close();
    };
    const options = { ahead, signal: this.#signal, release };
    const begin = (signal: AbortSignal) => this.#events(state, signal);
    yield* mapAhead(begin, options, async (part, signal): Promise<Part> => {
      const { shard } = part.event;
      if (shard === undefined) return part;
      const opening = openShard(this.#store, shard, { ...limitsOf(this.#options), mask, signal });
      return { ...part, opened: await opening.catch(asShardError) };
    });
  }

  async *#events(
    state: ReadingState<V>,
    signal: AbortSignal,
  ): AsyncGenerator<Part, void, undefined> {
    for (const event of state.replayed()) {
      const { shard, source } = event;
      const until = shard === undefined ? this.#sources[source]?.until : undefined;
      const error = until === undefined ? undefined : await failureOf(until, signal);
      yield { event: { ...event, error }, isReplayed: true };
    }
    const { prefetch = defaultPrefetch, followIntervalMs = defaultFollowIntervalMs } =
      this.#options;
    const events = shardEvents(this.#store, state.openSources, {
      ...{ prefetch, followIntervalMs, signal },
      wait: this.#options.wait ?? waitByTimer,
      namesOf: (source) => state.namesOf(source),
    });
    for await (const event of events) yield { event, isReplayed: false };
  }

  #identify(): string {
    const { version = "v1", order = "arrival" } = this.#options;
    return (this.#fingerprint ??= fingerprintOf(this.#sources, { version, order }));
  }
}

function asShardError(error: unknown): ShardError {
  if (error instanceof ShardError) return error;
  throw error;
}

/** Of other shards other records would be skipped. */
function refuseChange({ uri, cause }: ShardError): void {
  if (!(cause instanceof StorageError) || cause.reason !== "notFound") return;
  throw new CursorError(`${uri} was changed or deleted since the cursor was taken`, { cause });
}

async function waitByTimer(delayMs: number, signal: AbortSignal): Promise<void> {
  await setTimeout(delayMs, undefined, { signal });
}

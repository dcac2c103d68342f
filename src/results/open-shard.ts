import { ShardError, StorageError } from "../errors/index.ts";
import { givesAway } from "../storage/given-parts.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { mapAhead } from "./map-ahead.ts";
import type { MaskNode } from "./mask/mask-node.ts";
import { ScanFault } from "./scan/scan-fault.ts";
import { unzipped } from "./scan/unzip.ts";
import { bytesOfTurn, scannedItems } from "./scanned-shard.ts";
import type { ShardItem } from "./shard-item.ts";
import type { Shard } from "./shard-name.ts";

/** How shards are read. */
export interface ShardLimits {
  /** How much of a shard is held before its turn; what is larger is read while it is decoded. */
  readonly maxBufferedBytes: number;
  /** Shards that are larger uncompressed are refused. */
  readonly maxShardBytes: number;
  /** Shards with a response of which more than this is read are refused. */
  readonly maxResponseBytes: number;
  /** How deep lists and objects may nest. */
  readonly maxDepth: number;
}

/** Options of {@link openShard}. */
export interface OpenShardOptions extends ShardLimits {
  readonly mask?: MaskNode | undefined;
  readonly signal: AbortSignal;
}

/** A shard that is being read: up to `maxBufferedBytes` of it are there, the rest comes as it is asked for. */
export interface OpenShard {
  /** Its uncompressed bytes so far. */
  readonly bytes: number;
  /** Its responses in lists, as they come, once; throws {@link ShardError} after those before it. */
  readonly items: () => AsyncGenerator<readonly ShardItem[], void, undefined>;
  /** Lets go of what was not read. */
  readonly close: () => Promise<void>;
}

/** Chunks that are asked for before they are needed. */
const chunksAhead = 4;

/**
 * Opens a shard, plain or gzip.
 * @throws {@link ShardError} when what was read so far cannot be a shard.
 */
export async function openShard(
  store: ObjectStore,
  shard: Shard,
  options: OpenShardOptions,
): Promise<OpenShard> {
  const source = new ShardSource(store, shard, options);
  try {
    // A large shard is begun when it is its turn: what waits for it would only be held.
    if (shard.object.size <= options.maxBufferedBytes) await source.fill();
  } catch (error) {
    await source.close();
    throw toShardError(error, shard.object.uri);
  }
  return {
    get bytes() {
      return source.bytes;
    },
    items: () => source.items(),
    close: () => source.close(),
  };
}

class ShardSource {
  bytes = 0;
  readonly #shard: Shard;
  readonly #options: OpenShardOptions;
  readonly #chunks: AsyncGenerator<Uint8Array, void, undefined>;
  readonly #held: Uint8Array[] = [];
  readonly #freesChunks: boolean;

  constructor(store: ObjectStore, shard: Shard, options: OpenShardOptions) {
    this.#shard = shard;
    this.#options = options;
    this.#freesChunks = givesAway(store);
    const { uri, generation } = shard.object;
    const read = (signal: AbortSignal) => store.read(uri, { generation, signal });
    const { signal, maxBufferedBytes } = options;
    // What is held before its turn is not waited for by anybody who could use the time.
    const isHeld = shard.object.size <= maxBufferedBytes;
    this.#chunks = unzipped(
      isHeld
        ? begunLater(() => read(signal))
        : mapAhead(read, { ahead: chunksAhead, signal }, keep),
    );
  }

  /** Reads up to `maxBufferedBytes`. */
  async fill(): Promise<void> {
    this.#check(this.#shard.object.size);
    while (this.bytes <= this.#options.maxBufferedBytes) {
      const chunk = await this.#next();
      if (chunk === undefined) return;
      this.#held.push(chunk);
    }
  }

  async *items(): AsyncGenerator<readonly ShardItem[], void, undefined> {
    const { first, object } = this.#shard;
    try {
      const freesChunks = this.#freesChunks;
      yield* scannedItems(this.#rest(), { ...this.#options, first, freesChunks });
    } catch (error) {
      throw toShardError(error, object.uri);
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    this.#held.length = 0;
    await this.#chunks.return();
  }

  async *#rest(): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    while (this.#held.length > 0) yield this.#takeHeld();
    for (;;) {
      const chunk = await this.#next();
      if (chunk === undefined) return;
      yield [chunk];
    }
  }

  /** The first of the chunks that are held, which are held no more. */
  #takeHeld(): readonly Uint8Array[] {
    let bytes = 0;
    const end = this.#held.findIndex((chunk) => (bytes += chunk.length) > bytesOfTurn);
    return this.#held.splice(0, end < 0 ? this.#held.length : Math.max(1, end));
  }

  async #next(): Promise<Uint8Array | undefined> {
    const next = await this.#chunks.next();
    if (next.done === true) return undefined;
    this.bytes += next.value.length;
    this.#check(this.bytes);
    return next.value;
  }

  #check(bytes: number): void {
    const { maxShardBytes } = this.#options;
    if (bytes <= maxShardBytes) return;
    throw new ScanFault(`it is larger than maxShardBytes ${maxShardBytes}`, maxShardBytes);
  }
}

/** What is begun when it is read: a store may do more than that, or fail, as soon as it is asked. */
function begunLater<T>(begin: () => AsyncIterable<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => begin()[Symbol.asyncIterator]() };
}

function keep(chunk: Uint8Array): Promise<Uint8Array> {
  return Promise.resolve(chunk);
}

/** What is wrong with this object concerns this shard; what is wrong with the store concerns all. */
function toShardError(error: unknown, uri: string): unknown {
  if (error instanceof ScanFault) {
    return new ShardError(error.message, { uri, byteOffset: error.offset }, { cause: error });
  }
  if (!(error instanceof StorageError)) return error;
  const isOfObject = error.reason === "corrupt" || error.reason === "notFound";
  return isOfObject ? new ShardError(error.message, { uri }, { cause: error }) : error;
}

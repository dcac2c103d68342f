import type { ObjectStore } from "../storage/object-store.ts";
import { findShards } from "./find-shards.ts";
import { mapAhead } from "./map-ahead.ts";
import { merge } from "./merge.ts";
import type { PlacedSource } from "./result-source.ts";
import type { Shard } from "./shard-name.ts";

/** A shard that is to be read, or the end of a source where there is none. */
export interface ShardEvent {
  /** The number of the source. */
  readonly source: number;
  readonly shard?: Shard;
  /** Why responses may be missing, at the end. */
  readonly error?: Error | undefined;
}

/** Options of {@link shardEvents}. */
export interface ShardEventOptions {
  /** How many prefixes are listed before it is their turn. */
  readonly prefetch: number;
  readonly followIntervalMs: number;
  /** Resolves after a time, rejects on abort. */
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  /** The names of the shards of a source that have been read. */
  readonly namesOf: (source: number) => Iterable<string>;
}

/**
 * The shards of sources by number, source after source, each with its end. Where a source is followed,
 * its shards come as they appear, and the sources beside each other.
 */
export async function* shardEvents(
  store: ObjectStore,
  sources: readonly PlacedSource[],
  options: ShardEventOptions,
): AsyncGenerator<ShardEvent, void, undefined> {
  if (sources.some(({ until }) => until !== undefined)) {
    yield* merge(sources.map((source) => new SourceWatch(store, source, options).events()));
    return;
  }
  const { prefetch: ahead, signal } = options;
  const watches = sources.map((source) => new SourceWatch(store, source, options));
  const listings = mapAhead(watches, { ahead, signal }, async (watch, abort) => ({
    watch,
    shards: await watch.newShards(abort),
  }));
  for await (const { watch, shards } of listings) {
    for (const shard of shards) yield { source: watch.source, shard };
    yield { source: watch.source };
  }
}

/** Finds the shards of one source. */
class SourceWatch {
  readonly source: number;
  readonly #store: ObjectStore;
  readonly #prefix: string | undefined;
  readonly #until: Promise<unknown> | undefined;
  readonly #options: ShardEventOptions;
  /** The names that have been told of. */
  readonly #known: Set<string>;

  constructor(store: ObjectStore, source: PlacedSource, options: ShardEventOptions) {
    this.#store = store;
    this.source = source.number;
    this.#prefix = source.prefix;
    this.#until = source.until;
    this.#options = options;
    this.#known = new Set(options.namesOf(source.number));
  }

  /** The shards that have not been told of, by number. */
  async newShards(signal: AbortSignal): Promise<readonly Shard[]> {
    if (this.#prefix === undefined) return [];
    const { shards } = await findShards(this.#store, this.#prefix, { signal });
    const fresh = shards.filter(({ object }) => !this.#known.has(object.name));
    for (const { object } of fresh) this.#known.add(object.name);
    return fresh;
  }

  async *events(): AsyncGenerator<ShardEvent, void, undefined> {
    const { signal } = this.#options;
    const end = this.#watchEnd();
    for (;;) {
      // What is listed after the end is all there is.
      const { hasEnded } = end;
      for (const shard of await this.newShards(signal)) yield { source: this.source, shard };
      if (hasEnded) break;
      await this.#pause(end.promise);
    }
    yield { source: this.source, error: end.error };
  }

  #watchEnd(): { readonly promise: Promise<void>; hasEnded: boolean; error: Error | undefined } {
    const end = {
      promise: Promise.resolve(),
      hasEnded: false,
      error: undefined as Error | undefined,
    };
    if (this.#until === undefined) return { ...end, hasEnded: true };
    const onEnd = (error?: unknown): void => {
      end.hasEnded = true;
      if (error instanceof Error) end.error = error;
    };
    end.promise = this.#until.then(() => {
      onEnd();
    }, onEnd);
    return end;
  }

  /** Waits for the next listing, or for the end. */
  async #pause(end: Promise<void>): Promise<void> {
    const { wait, followIntervalMs, signal } = this.#options;
    const stopped = new AbortController();
    const waiting = wait(followIntervalMs, AbortSignal.any([signal, stopped.signal]));
    try {
      await Promise.race([waiting, end]);
    } finally {
      stopped.abort();
      await waiting.catch(() => undefined);
    }
    signal.throwIfAborted();
  }
}

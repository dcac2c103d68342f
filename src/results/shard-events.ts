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
  const { prefetch: ahead, signal } = options;
  const watches = sources.map((source) => new SourceWatch(store, source, options));
  if (sources.some(({ until }) => until !== undefined)) {
    yield* merge((abort) => watches.map((watch) => watch.events(abort)), signal);
    return;
  }
  const listings = mapAhead(
    () => watches,
    { ahead, signal },
    async (watch, abort) => ({
      watch,
      shards: await watch.newShards(abort),
    }),
  );
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
  #end: Pick<ShardEvent, "error"> | undefined;
  /** Ends the wait for the next listing. */
  #pausing: AbortController | undefined;

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

  async *events(signal: AbortSignal): AsyncGenerator<ShardEvent, void, undefined> {
    this.#watchEnd(signal);
    for (;;) {
      // What is listed after the end is all there is.
      const end = this.#end;
      for (const shard of await this.newShards(signal)) yield { source: this.source, shard };
      if (end !== undefined) {
        yield { source: this.source, ...end };
        return;
      }
      await this.#pause(signal);
    }
  }

  #watchEnd(signal: AbortSignal): void {
    if (this.#until === undefined) {
      this.#end = { error: undefined };
      return;
    }
    const onEnd = (error: Error | undefined): void => {
      this.#end = { error };
      this.#pausing?.abort();
    };
    // An abort ends the pauses too.
    failureOf(this.#until, signal).then(onEnd, () => undefined);
  }

  /** Waits for the next listing; the end cuts it short. */
  async #pause(signal: AbortSignal): Promise<void> {
    const { wait, followIntervalMs } = this.#options;
    if (this.#hasEnded()) return;
    this.#pausing = new AbortController();
    try {
      await wait(followIntervalMs, AbortSignal.any([signal, this.#pausing.signal]));
    } catch (error) {
      if (!signal.aborted && !this.#hasEnded()) throw error;
    }
    this.#pausing = undefined;
    signal.throwIfAborted();
  }

  #hasEnded(): boolean {
    return this.#end !== undefined;
  }
}

/**
 * What a promise rejects with, once it has settled; undefined where it does not reject or that is no error.
 * An abort ends the wait with the signal's reason.
 */
export async function failureOf(
  promise: Promise<unknown>,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    aborted.reject(signal.reason as Error);
  };
  signal.throwIfAborted();
  signal.addEventListener("abort", onAbort);
  try {
    await Promise.race([promise, aborted.promise]);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error : undefined;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

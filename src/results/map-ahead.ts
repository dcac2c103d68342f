/** Options of {@link mapAhead}. */
export interface MapAheadOptions<R> {
  /** How many items are loaded before they are asked for. */
  readonly ahead: number;
  readonly signal?: AbortSignal | undefined;
  /** Lets go of what was loaded and will not be asked for. */
  readonly release?: (loaded: R) => Promise<void>;
}

/**
 * Loads items before they are asked for, a few at a time, and yields what was loaded in their order.
 * When the caller stops or a load fails, items and loads under way are aborted and have ended before it
 * goes on.
 * @param begin gives the items.
 */
export async function* mapAhead<T, R>(
  begin: (signal: AbortSignal) => AsyncIterable<T> | Iterable<T>,
  options: MapAheadOptions<R>,
  load: (item: T, signal: AbortSignal) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const stopped = new AbortController();
  const signal = AbortSignal.any([stopped.signal, options.signal ?? []].flat());
  const iterator = iterate(begin(signal));
  const loading: Promise<{ value: R } | undefined>[] = [];
  let asked: Promise<IteratorResult<T, unknown> | undefined> = Promise.resolve(undefined);
  // One at a time: not every iterator that is written by hand queues its calls, as generators do.
  const ask = (): Promise<IteratorResult<T, unknown>> => {
    const next = asked.then((before) => (before?.done === true ? before : iterator.next()));
    asked = next;
    return next;
  };
  const loadNext = async (): Promise<{ value: R } | undefined> => {
    const next = await ask();
    return next.done === true ? undefined : { value: await load(next.value, signal) };
  };
  let hasEnded = false;
  try {
    for (;;) {
      do loading.push(withoutWarning(loadNext()));
      while (loading.length <= options.ahead);
      options.signal?.throwIfAborted();
      const loaded = await loading.shift();
      hasEnded = loaded === undefined;
      if (loaded === undefined) return;
      yield loaded.value;
    }
  } finally {
    if (!hasEnded) {
      stopped.abort();
      for (const settled of await Promise.allSettled(loading)) {
        if (settled.status === "rejected" || settled.value === undefined) continue;
        await options.release?.(settled.value.value);
      }
      await iterator.return?.(undefined);
    }
  }
}

function iterate<T>(items: AsyncIterable<T> | Iterable<T>): AsyncIterator<T> | Iterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

/** A load that fails before its turn is reported at its turn, not as an unhandled rejection. */
function withoutWarning<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/**
 * Goes through items one at a time and stops when the signal aborts, even while the next item is
 * waited for. Whoever leaves the loop closes the source, and waits for that unless it was aborted.
 */
export async function* abortable<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let reject: (reason: unknown) => void = () => undefined;
  const onAbort = (): void => {
    reject(signal?.reason);
  };
  signal?.addEventListener("abort", onAbort);
  let isAtEnd = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      // A promise of its own for each item: one for all would remember every item that it was raced with.
      const next = await new Promise<IteratorResult<T>>((resolve, fail) => {
        reject = fail;
        iterator.next().then(resolve, (error: unknown) => {
          isAtEnd = true;
          fail(error);
        });
      });
      isAtEnd = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    if (!isAtEnd) await close(iterator, signal?.aborted === true);
  }
}

/** A source that never answers must not hold up an abort. */
async function close(iterator: AsyncIterator<unknown>, isAborted: boolean): Promise<void> {
  const closed = iterator.return?.();
  if (closed === undefined) return;
  if (isAborted) closed.catch(() => undefined);
  else await closed;
}

/**
 * A generator that is told at once when it is left, also while it waits for something: by itself one
 * takes a `return()` only when its pending `next()` is over. What it then throws is dropped.
 */
export function endedByReturn<T>(
  generate: (left: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  const leaving = new AbortController();
  const items = generate(leaving.signal);
  const drop = (error: unknown): IteratorResult<T, void> => {
    if (!leaving.signal.aborted) throw error;
    return { done: true, value: undefined };
  };
  const leave = (): Promise<IteratorResult<T, void>> => {
    leaving.abort();
    return items.return().catch(drop);
  };
  return {
    next: () => items.next().catch(drop),
    return: leave,
    throw: (error) => items.throw(error),
    [Symbol.asyncIterator]() {
      return this;
    },
    [Symbol.asyncDispose]: async () => {
      await leave();
    },
  };
}

/**
 * A generator that is told at once when it is left, also while it waits for something: by itself one
 * takes a `return()` only when its pending `next()` is over. What it then throws is dropped.
 */
export function endedByReturn<T>(
  generate: (left: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  const leaving = new AbortController();
  const run = async function* (): AsyncGenerator<T, void, void> {
    try {
      yield* generate(leaving.signal);
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
  };
  const items = run();
  const end = items.return.bind(items);
  items.return = (value) => {
    leaving.abort();
    return end(value);
  };
  return items;
}

/**
 * A generator that is told at once when it is left, also while it waits for something: by itself it
 * would see that only when it next yields.
 */
export function leftEarly<T>(
  generate: (left: AbortSignal) => AsyncGenerator<T, void, void>,
): AsyncGenerator<T, void, void> {
  const leaving = new AbortController();
  async function* guarded(): AsyncGenerator<T, void, void> {
    try {
      yield* generate(leaving.signal);
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
  }
  const items = guarded();
  const end = items.return.bind(items);
  items.return = (value) => {
    leaving.abort(new Error("the loop was left"));
    return end(value);
  };
  return items;
}

import { abortable } from "../transport/abortable.ts";

/**
 * Iterates what a caller gave, and ends with the signal's reason as soon as it aborts, also while the
 * next item is being waited for. The caller's iterator is told by `return()`; it is waited for unless
 * it is still busy with an item.
 */
export async function* interruptible<T>(
  items: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let state: "idle" | "busy" | "ended" = "idle";
  const advance = async (): Promise<IteratorResult<T>> => {
    state = "busy";
    try {
      const next = await iterator.next();
      state = next.done === true ? "ended" : "idle";
      return next;
    } catch (error) {
      state = "ended";
      throw error;
    }
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await abortable(advance(), signal);
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    const now = state as "idle" | "busy" | "ended";
    const returned = now === "ended" ? undefined : Promise.resolve(iterator.return?.());
    if (now === "idle") await returned;
    else returned?.catch(() => undefined);
  }
}

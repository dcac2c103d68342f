/**
 * Lists of items, up to so many in each: what is handed on by the list costs an await a list. What came
 * before an error is given before it is thrown.
 */
export function* inBatches<T>(items: Iterable<T>, size: number): Generator<T[], void, undefined> {
  let batch: T[] = [];
  try {
    for (const item of items) {
      batch.push(item);
      if (batch.length < size) continue;
      const full = batch;
      batch = [];
      yield full;
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
}

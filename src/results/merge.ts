/** Yields what several generators do, as it comes; leaving it, or a failure of one, leaves them all. */
export async function* merge<T>(
  generators: readonly AsyncGenerator<T, void, undefined>[],
): AsyncGenerator<T, void, undefined> {
  const pending = new Map(generators.map((generator) => [generator, advance(generator)]));
  try {
    while (pending.size > 0) {
      const { generator, next } = await Promise.race(pending.values());
      if (next.done === true) {
        pending.delete(generator);
      } else {
        pending.set(generator, advance(generator));
        yield next.value;
      }
    }
  } finally {
    await Promise.allSettled(generators.map((generator) => generator.return()));
  }
}

interface Advanced<T> {
  readonly generator: AsyncGenerator<T, void, undefined>;
  readonly next: IteratorResult<T, void>;
}

function advance<T>(generator: AsyncGenerator<T, void, undefined>): Promise<Advanced<T>> {
  const advanced = generator.next().then((next) => ({ generator, next }));
  // One that fails while another is waited for is reported at its turn, or not at all.
  advanced.catch(() => undefined);
  return advanced;
}

/**
 * Yields what several generators do, as it comes. Leaving it, or a failure of one, aborts them all, and
 * they have ended before it goes on.
 * @param begin gives the generators.
 */
export async function* merge<T>(
  begin: (signal: AbortSignal) => readonly AsyncGenerator<T, void, undefined>[],
  outerSignal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const stopped = new AbortController();
  const generators = begin(AbortSignal.any([stopped.signal, outerSignal]));
  const arrivals = new ArrivalQueue<T>();
  let running = generators.length;
  try {
    for (const generator of generators) arrivals.expect(generator);
    while (running > 0) {
      const { generator, next } = await arrivals.take();
      if (next.done === true) {
        running--;
      } else {
        arrivals.expect(generator);
        yield next.value;
      }
    }
  } finally {
    stopped.abort();
    await Promise.allSettled(generators.map((generator) => generator.return()));
  }
}

interface Arrival<T> {
  readonly generator: AsyncGenerator<T, void, undefined>;
  readonly next: IteratorResult<T, void>;
}

/** What generators came to, in the order of time: a race of their promises would keep a trace of each on all the others. */
class ArrivalQueue<T> {
  readonly #arrived: Promise<Arrival<T>>[] = [];
  #wake = (): void => undefined;

  expect(generator: AsyncGenerator<T, void, undefined>): void {
    const arrival = generator.next().then((next) => ({ generator, next }));
    const onArrival = (): void => {
      this.#arrived.push(arrival);
      this.#wake();
    };
    arrival.then(onArrival, onArrival);
  }

  async take(): Promise<Arrival<T>> {
    for (;;) {
      const arrival = this.#arrived.shift();
      if (arrival !== undefined) return arrival;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

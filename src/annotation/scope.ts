/** What one iteration of results has in common: everything that it began ends with it. */
export interface Scope {
  /** Aborts when the iteration is to end. */
  readonly signal: AbortSignal;
  /** Ends what is under way. */
  readonly stop: () => void;
}

/** A scope that ends with any of the signals at the latest. */
export function createScope(...signals: readonly (AbortSignal | undefined)[]): Scope {
  const stopped = new AbortController();
  const given = signals.filter((signal) => signal !== undefined);
  return {
    signal: AbortSignal.any([stopped.signal, ...given]),
    stop: () => {
      stopped.abort();
    },
  };
}

/** Growing pauses between tries. */
export interface Backoff {
  /** The first pause, in milliseconds. */
  readonly initialMs: number;
  /** What each pause is multiplied with for the next. */
  readonly multiplier: number;
  /** The longest pause, in milliseconds. */
  readonly maxMs: number;
  /** The share of a pause that is random: 0 is none, 1 is anything from 0 to the whole. */
  readonly jitter: number;
}

/**
 * The longest pause that a server may ask for (`google.rpc.RetryInfo`), in milliseconds: what asks for more
 * is taken for wrong, since the quotas of Vision are those of a minute.
 */
const maxServerDelayMs = 600_000;

/** How long the server asks to wait after an error, as far as that is followed (10 min), in milliseconds; 0 where it does not say. */
export function serverDelayMs({
  retryDelayMs = 0,
}: {
  readonly retryDelayMs?: number | undefined;
}): number {
  return Math.min(retryDelayMs, maxServerDelayMs);
}

/** The pause before try `retry` (0 for the first retry), in milliseconds; `random` yields 0 to 1. */
export function backoffMs(backoff: Backoff, retry: number, random: () => number): number {
  const full = Math.min(backoff.maxMs, backoff.initialMs * backoff.multiplier ** retry);
  return full * (1 - backoff.jitter * random());
}

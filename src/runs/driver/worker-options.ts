/** How a worker is set up; what is not told has its default. */
export interface WorkerOptions {
  /** How long a claim is nobody else's without being renewed, which is done three times as often. Default 30,000. */
  readonly leaseMs?: number | undefined;
  /**
   * Chunks that are worked on at a time, most of them operations that are followed; more where others wait to
   * be submitted, and so many more of each run whose output waits to be read. Default 500.
   */
  readonly maxChunks?: number | undefined;
  /** Chunks of a run that are prepared for their submit or being submitted at a time. Default 4. */
  readonly maxSubmitting?: number | undefined;
  /** Outputs that are read at a time; so many more of each run whose results are read meanwhile. Default 2. */
  readonly maxCollecting?: number | undefined;
  /** How long a shutdown waits for the answers to submits; after that what they came to is unknown. Default 30,000. */
  readonly closeTimeoutMs?: number | undefined;
  /**
   * How long a connection to the service, or an answer of the storage, is waited for until progress tells of
   * that as a `problem`, by the clock of the machine; it is waited for on. Default 5,000.
   */
  readonly connectNoticeMs?: number | undefined;
}

/** Options with their defaults. */
export type WorkerSettings = { readonly [Name in keyof Required<WorkerOptions>]: number };

const defaults: WorkerSettings = {
  ...{ leaseMs: 30_000, maxChunks: 500, maxSubmitting: 4, maxCollecting: 2 },
  ...{ closeTimeoutMs: 30_000, connectNoticeMs: 5000 },
};

/** Applies the defaults. @throws RangeError */
export function resolveWorkerOptions(options: WorkerOptions): WorkerSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(`${name} must be a whole number of at least 1, got ${String(value)}`);
  }
  return { ...defaults, ...Object.fromEntries(given) };
}

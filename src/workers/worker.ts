/** One of any number of processes that work on the runs of a journal, by the jobs that are in its database. */
export interface Worker extends AsyncDisposable {
  /** Who this is in the events of the journal. */
  readonly id: string;
  /** Where its health is served, `host:port`, if it is. */
  readonly metricsAddress: string | undefined;
  /** Whether jobs are taken: not any more once this is being closed, and not while the database does not answer. */
  isReady(): Promise<boolean>;
  /**
   * Takes no more jobs, finishes what is being sent and written, gives all else back and ends: other workers
   * go on with it at once. May be called again.
   */
  close(): Promise<void>;
}

/** What a storage call is about, for deciding whether it meets a fault. */
export interface StorageCall {
  readonly service: "storage";
  /** The method of the JSON API, e.g. `objects.get`, `objects.list`, `objects.insert`, `buckets.get`. */
  readonly method: string;
  readonly bucket?: string;
  readonly object?: string;
}

/** A fault that a storage call meets, as plain data. */
export interface StorageFault {
  /** Whether the delay, the status and `dropConnection: "before"` come `before` the call takes effect or `after` it. Default `before`. */
  readonly when?: "before" | "after";
  /** Waits first. Default 0. */
  readonly delayMs?: number;
  /** Waits before the call takes effect, where the rest comes after it. Default 0. */
  readonly delayBeforeMs?: number;
  /** Answers with this error. */
  readonly status?: {
    readonly httpStatus: number;
    /** The `reason` in the body, e.g. `backendError`. Default: the one that goes with the status. */
    readonly code?: string;
    readonly message: string;
  };
  /**
   * `before` closes the connection instead of answering; `afterBytes` closes it after `afterBytes`
   * bytes of the content: of the request where it uploads, else of the answer.
   */
  readonly dropConnection?: "before" | "afterBytes";
  /** Default 0. */
  readonly afterBytes?: number;
}

/** Decides which fault a call meets, if any. */
export type StorageIntercept = (call: StorageCall) => Promise<StorageFault | undefined>;

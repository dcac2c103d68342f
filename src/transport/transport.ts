import type { StatusFields } from "../errors/index.ts";
import type { MethodEntry } from "../protocol/method-table.ts";

/** The options that every call takes. */
export interface CallOptions {
  /** Stops waiting for the answer when it aborts. */
  readonly signal?: AbortSignal | undefined;
  /** How long the call may take in all, in milliseconds. Default: 600,000 for annotate methods, 60,000 for others. */
  readonly timeoutMs?: number | undefined;
  /** Further headers of the request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** One attempt of one call. */
export interface Attempt {
  readonly method: MethodEntry;
  /** The request, a message of the method's request type. */
  readonly request: object;
  /**
   * Whether the request is nobody else's and is sent once: its lists are emptied once it is encoded.
   * Default: false.
   */
  readonly isGiven?: boolean | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sends only over a connection that is known to be ready, so that a failure to connect is known to have sent nothing. */
  readonly whenReady: boolean;
  /** Asked right before the request leaves, over its connection; where it may not, the attempt fails as CANCELLED. */
  readonly mayLeave?: (() => boolean) | undefined;
}

/** An attempt that brought no response. */
export interface AttemptFailure {
  readonly ok: false;
  readonly status: StatusFields;
  /** False where the request surely never left this process. */
  readonly mayHaveBeenSent: boolean;
  readonly cause: unknown;
}

/** How an attempt ended. */
export type AttemptOutcome = { readonly ok: true; readonly response: object } | AttemptFailure;

/** A way to the service; it never retries and reports failures as data. */
export interface Transport {
  /** Makes one attempt. An abort ends it with the code CANCELLED and the signal's reason as cause. */
  attempt(attempt: Attempt): Promise<AttemptOutcome>;
  /**
   * Waits until a request of a method could leave at once, as an attempt `whenReady` would, and answers
   * why it could not. Absent where connections are made for each request.
   */
  ready?(attempt: Omit<Attempt, "request" | "whenReady">): Promise<AttemptFailure | undefined>;
  /** The project that the credentials or the options name. */
  projectId(): Promise<string | undefined>;
  /** Closes connections; later attempts fail. */
  close(): Promise<void>;
}

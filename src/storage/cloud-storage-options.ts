import type { AuthClient, GoogleAuth, JWTInput } from "google-auth-library";

/** How requests are repeated that failed with a transient error. */
export interface StorageRetryOptions {
  /** Requests in all, the first included. Default 6; of a read, since its last progress. */
  readonly maxAttempts?: number | undefined;
  /** The wait before the first repetition, doubled each time and drawn at random from its half on. Default 500. */
  readonly initialDelayMs?: number | undefined;
  /** Default 30,000. */
  readonly maxDelayMs?: number | undefined;
}

/** Options of {@link createCloudStorageStore}; without any, Application Default Credentials are used. */
export interface CloudStorageOptions {
  /** Default: the credentials' own. */
  readonly projectId?: string | undefined;
  /** A file with a key of a service account. */
  readonly keyFilename?: string | undefined;
  /** A key that was read already, in place of its file. */
  readonly credentials?: JWTInput | undefined;
  /** A client of google-auth-library, in place of a key. */
  readonly authClient?: AuthClient | GoogleAuth | undefined;
  /**
   * Where the service is. With `http:` it is an emulator: no credentials are looked up or sent, no
   * metadata server is asked, and no proxy of the environment stands before it. Default: VISION_EMULATOR_HTTP or STORAGE_EMULATOR_HOST of the
   * environment, else `https://storage.googleapis.com` or that of the universe domain.
   */
  readonly apiEndpoint?: string | undefined;
  /** The project that is charged for quota. */
  readonly quotaProjectId?: string | undefined;
  /** Default `googleapis.com`. */
  readonly universeDomain?: string | undefined;
  /** How often a request is repeated, and after what time. */
  readonly retry?: StorageRetryOptions | undefined;
  /** A request is given up, and tried again, after so long without an answer or without a byte of it. Default 60,000. */
  readonly idleTimeoutMs?: number | undefined;
}

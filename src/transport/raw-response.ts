import type { Readable } from "node:stream";

/** A response as it came over REST. */
export interface RawResponse {
  /** The HTTP status, 200 to 299. */
  readonly status: number;
  /** The headers, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body, unzipped. It fails with the signal's reason when that aborts, and with the code
   * DEADLINE_EXCEEDED when the time limit runs out before it has been read; destroying it ends the call.
   */
  readonly body: Readable;
}

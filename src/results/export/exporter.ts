import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";

/** Turns records of results into a format, as a stream transform in bounded memory. */
export interface Exporter {
  /** The media type of what is written, without parameters. */
  readonly mediaType: string;
  /** The usual extension of a file of the format, without a dot. */
  readonly extension: string;
  /**
   * Writes all records as one stream, in the order in which they come. Strings are to be written as
   * UTF-8. Leaving the stream early ends the reading of the records.
   */
  export<V extends ApiVersion>(
    records: AsyncIterable<ResultRecord<V>>,
  ): AsyncIterable<string | Uint8Array>;
}

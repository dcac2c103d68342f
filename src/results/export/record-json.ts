import { VisionBatchError } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";

/**
 * The JSON of something that a record holds; undefined of nothing.
 * @throws {@link VisionBatchError} where it is nested too deeply, or is too long, to be written.
 */
export function recordJson<T extends object | undefined>(
  value: T,
  { index, uri }: ResultRecord<ApiVersion>,
): string | Extract<T, undefined> {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new VisionBatchError(
      `record ${index} (${uri}) is nested too deeply, or is too long, to be written as JSON: ` +
        "read it with a smaller maxDepth, or leave out what is large by a readMask",
      { cause: error },
    );
  }
}

import { VisionBatchError } from "../../errors/index.ts";
import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";

/**
 * The JSON of something that a record holds; undefined of nothing.
 * @throws {@link VisionBatchError} where it is nested too deeply, or is too long, to be written.
 */
export function recordJson(value: object, record: ResultRecord<ApiVersion>): string;
export function recordJson(
  value: object | undefined,
  record: ResultRecord<ApiVersion>,
): string | undefined;
export function recordJson(
  value: object | undefined,
  { index, uri }: ResultRecord<ApiVersion>,
): string | undefined {
  try {
    return value === undefined ? undefined : JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new VisionBatchError(
      `record ${index} (${uri}) is nested too deeply, or is too long, to be written as JSON: ` +
        "read it with a smaller maxDepth, or leave out what is large by a readMask",
      { cause: error },
    );
  }
}

import type { ApiVersion } from "../protocol/api-version.ts";
import type { ResultRecord } from "../results/index.ts";

/** A record, and what the user named its input, as far as that is known. */
export type NamedRecord<V extends ApiVersion = ApiVersion> = ResultRecord<V> & {
  /** As `vision-batch annotate` tells it. */
  readonly input?: string;
  /** As runs tell it. */
  readonly customId?: string;
};

/** What the user named the input of a record. */
export function nameOf({ input, customId }: NamedRecord): string | undefined {
  return input ?? customId;
}

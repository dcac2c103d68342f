import type { ApiVersion } from "../protocol/api-version.ts";
import type { Arrival, InputOrder } from "./input-order.ts";
import type { ResultRecord } from "./result-record.ts";
import type { ShardItem } from "./shard-item.ts";
import type { Shard } from "./shard-name.ts";
import type { SourceReading } from "./source-reading.ts";

/** Responses that are read together. */
export interface FoundItems {
  readonly items: readonly ShardItem[];
  readonly shard: Shard;
  /** Told of a response that cannot be read; what it throws ends the others. */
  readonly onError: (error: unknown) => void;
}

/** The records of responses, of those that have one of their own now. */
export function* arrivalsOf<V extends ApiVersion>(
  reading: SourceReading<V>,
  { items, shard, onError }: FoundItems,
): Generator<Arrival<V>, void, undefined> {
  for (const item of items) {
    let record: ResultRecord<V> | undefined;
    try {
      record = reading.read(item, shard);
    } catch (error) {
      onError(error);
    }
    if (record !== undefined) yield { record, bytes: item.bytes };
  }
}

/** The records of what a source does not have, and of what has waited for its end. */
export function* arrivalsAtEnd<V extends ApiVersion>(
  reading: SourceReading<V>,
): Generator<Arrival<V>, void, undefined> {
  for (const record of reading.finish()) yield { record, bytes: 0 };
}

/** The records that may be given, as things are after each arrival. */
export function* recordsOf<V extends ApiVersion>(
  arrivals: Iterable<Arrival<V>>,
  sorter: InputOrder<V> | undefined,
): Generator<ResultRecord<V>, void, undefined> {
  for (const arrival of arrivals) {
    if (sorter === undefined) yield arrival.record;
    else yield* sorter.put(arrival);
  }
}

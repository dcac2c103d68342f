import type { ApiVersion } from "../../protocol/api-version.ts";
import type { ResultRecord } from "../result-record.ts";

/** The records of one input: of an image, or of the pages of a document. */
export interface SourceRecords<V extends ApiVersion = "v1"> {
  /** The URI of the input. */
  readonly uri: string;
  /** The place of the input, from 0. */
  readonly index: number;
  /** To be iterated once, before the next source is asked for. */
  readonly records: AsyncIterable<ResultRecord<V>>;
}

/**
 * Parts records by their input, holding one record at a time: records of one input that follow each
 * other are a group. What is not iterated of a group is skipped.
 */
export async function* groupBySource<V extends ApiVersion>(
  records: AsyncIterable<ResultRecord<V>> | Iterable<ResultRecord<V>>,
): AsyncGenerator<SourceRecords<V>, void, undefined> {
  const all = iterate(records);
  try {
    let next = await all.next();
    while (next.done !== true) {
      const { uri, index } = next.value;
      const group = async function* (): AsyncGenerator<ResultRecord<V>, void, undefined> {
        while (next.done !== true && next.value.index === index) {
          yield next.value;
          next = await all.next();
        }
      };
      yield { uri, index, records: group() };
      while (next.done !== true && next.value.index === index) next = await all.next();
    }
  } finally {
    await all.return();
  }
}

async function* iterate<T>(
  items: AsyncIterable<T> | Iterable<T>,
): AsyncGenerator<T, void, undefined> {
  yield* items;
}

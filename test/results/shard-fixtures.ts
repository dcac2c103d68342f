import type { ApiVersion } from "../../src/protocol/api-version.ts";
import {
  readResults,
  type ReadResultsOptions,
  type ResultManifest,
  type ResultRecord,
  type ResultSource,
} from "../../src/results/index.ts";
import type { ObjectStore } from "../../src/storage/object-store.ts";

/** The prefix of the shards of these tests. */
export const prefix = "gs://bucket/run/";

/** What a reading gave. */
export interface ReadAll<V extends ApiVersion> {
  readonly records: readonly ResultRecord<V>[];
  readonly manifest: ResultManifest;
  /** The cursor after each record. */
  readonly cursors: readonly string[];
}

/** Reads everything. */
export async function readAll<V extends ApiVersion = "v1">(
  store: ObjectStore,
  sources: string | ResultSource | readonly (string | ResultSource)[],
  options: ReadResultsOptions<V> = {},
): Promise<ReadAll<V>> {
  const reader = readResults(store, sources, options);
  const records: ResultRecord<V>[] = [];
  const cursors: string[] = [];
  for await (const record of reader) {
    records.push(record);
    cursors.push(reader.cursor ?? "");
  }
  const { manifest } = reader;
  if (manifest === undefined) throw new Error("the reading ended without a manifest");
  return { records, manifest, cursors };
}

/** The response of an image. */
export const imageResponse = (uri: string, description = uri): Record<string, unknown> => ({
  textAnnotations: [{ description, boundingPoly: { vertices: [{ x: 1, y: 2 }, {}] } }],
  labelAnnotations: [{ description: "label", score: 0.5 }],
  context: { uri },
});

/** The response of a page. */
export const pageResponse = (uri: string, pageNumber: number): Record<string, unknown> => ({
  fullTextAnnotation: { pages: [{ width: 10, height: 20 }], text: `page ${pageNumber}` },
  context: { uri, pageNumber },
});

/** Shards of responses, split at the given sizes, by URI. */
export function toShards(
  responses: readonly unknown[],
  sizes: readonly number[],
  envelope: Readonly<Record<string, unknown>> = {},
): Record<string, string> {
  const shards: Record<string, string> = {};
  let first = 1;
  for (let shard = 0; first <= responses.length; shard++) {
    const size = sizes[shard % Math.max(1, sizes.length)] ?? 1;
    const last = Math.min(responses.length, first + size - 1);
    const content = { ...envelope, responses: responses.slice(first - 1, last) };
    shards[`${prefix}output-${first}-to-${last}.json`] = JSON.stringify(content);
    first = last + 1;
  }
  return shards;
}

import { setImmediate } from "node:timers/promises";
import { ShardError } from "../../src/errors/index.ts";
import { readResults, type ReadResultsOptions } from "../../src/results/index.ts";
import type { ObjectInfo, ObjectStore } from "../../src/storage/object-store.ts";
import { seededRandom } from "../../test/protocol/json/random-json.ts";
import { mutateShard } from "./mutate-shard.ts";
import type { Random } from "./mutate.ts";

/** How many shards are read together. */
export const shardsPerRound = 20;

const prefix = "gs://bucket/run/";
const slowMs = 10_000;

/**
 * Reads some shards that are spoilt, by the seed, in pieces of random sizes and with random options,
 * and answers what went wrong: anything thrown, an error that is no {@link ShardError} of its shard, a
 * shard of sound JSON that is refused as none, a prototype that was changed, or much time.
 */
export async function readMutatedShards(seed: number): Promise<string | undefined> {
  const random = seededRandom(seed);
  const shards = Array.from({ length: shardsPerRound }, () => mutateShard(random));
  const start = performance.now();
  try {
    const reader = readResults(storeOf(shards, random), sourceOf(random), optionsOf(random));
    let records = 0;
    for await (const record of reader) records += record.index >= 0 ? 1 : 0;
    const { manifest } = reader;
    if (manifest === undefined) return `no manifest after ${records} records`;
    const odd = manifest.shardErrors.find((error) => !isSound(error, shards));
    if (odd !== undefined) return `an error that tells nothing: ${String(odd.stack)}`;
    if (manifest.shards > shards.length) return `${manifest.shards} shards were read`;
  } catch (error) {
    return String((error as Error).stack);
  }
  if ("polluted" in {}) return "a prototype was changed";
  const elapsedMs = performance.now() - start;
  // A round is short: what waits besides should not wait for all of them.
  await setImmediate();
  return elapsedMs > slowMs ? `it took ${Math.round(elapsedMs)} ms` : undefined;
}

function isSound(error: unknown, shards: readonly Uint8Array[]): boolean {
  if (!(error instanceof ShardError)) return false;
  const number = /output-(\d+)-to-\1\.json$/.exec(error.uri)?.[1];
  const shard = shards[Number(number) - 1];
  if (shard === undefined) return false;
  const isZipped = shard[0] === 0x1f && shard[1] === 0x8b;
  const isWithin =
    (error.byteOffset ?? 0) >= 0 && (isZipped || (error.byteOffset ?? 0) <= shard.length);
  return (
    isWithin && (!isJson(shard) || !/expected|ends too early|not UTF-8|JSON/.test(problemOf(error)))
  );
}

/** What is wrong with the bytes; the codec has its own words for values. */
function problemOf({ message }: ShardError): string {
  const isOfCodec = message.includes("is not one of Vision");
  // A shard that is a mere number or text is JSON too.
  return isOfCodec || message.includes("expected an object or a list") ? "" : message;
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

function optionsOf(random: Random): ReadResultsOptions {
  const chance = (): boolean => random() < 0.5;
  return {
    ...(chance()
      ? { readMask: chance() ? "fullTextAnnotation.text" : "labelAnnotations.score" }
      : {}),
    ...(chance() ? { maxBufferedBytes: Math.floor(random() * 500) } : {}),
    ...(random() < 0.1 ? { maxResponseBytes: Math.floor(random() * 500) } : {}),
    ...(random() < 0.1 ? { maxDepth: Math.floor(random() * 20) } : {}),
    ...(chance() ? { order: "input" } : {}),
    prefetch: 1 + Math.floor(random() * 4),
  };
}

function sourceOf(random: Random) {
  const inputs = ["gs://in/a", "gs://in/b", "gs://in/b", "gs://in/a.pdf", "gs://in/zz"];
  return random() < 0.5 ? prefix : { prefix, inputs };
}

/** A store of shards, of a response each by their names, that are read in pieces of random sizes. */
function storeOf(shards: readonly Uint8Array[], random: Random): ObjectStore {
  const objects = shards.map(({ length: size }, index): ObjectInfo => {
    const name = `run/output-${index + 1}-to-${index + 1}.json`;
    const uri = `gs://bucket/${name}`;
    return { uri, bucket: "bucket", name, generation: "1", size, updated: "2026-01-01T00:00:00Z" };
  });
  const unused = (): never => {
    throw new Error("a reader only lists and reads");
  };
  return {
    async *list() {
      await Promise.resolve();
      yield* objects;
    },
    async *read(uri) {
      const bytes = shards[objects.findIndex((object) => object.uri === uri)] ?? Buffer.alloc(0);
      const most = 1 + Math.floor(random() ** 4 * bytes.length);
      for (let at = 0, end = 0; at < bytes.length; at = end) {
        await Promise.resolve();
        end = Math.min(bytes.length, at + Math.ceil(random() * most));
        yield bytes.subarray(at, end);
      }
    },
    ...{ stat: unused, write: unused, delete: unused },
  };
}

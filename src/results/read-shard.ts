import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ShardError, StorageError } from "../errors/index.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import { parseShardJson } from "./shard-json.ts";
import type { Shard } from "./shard-name.ts";

/** A response of a shard, not decoded yet. */
export interface ShardItem {
  /** Its number by the shard's name, from 1: in the request for images, in the file for a file; 0 where a file as a whole failed. */
  readonly number: number;
  /** The file that the shard is of; undefined in a shard of images. */
  readonly fileUri: string | undefined;
  readonly response: unknown;
}

/** Options of {@link readShard}. */
export interface ReadShardOptions {
  readonly signal: AbortSignal;
  /** Shards that are larger are refused with a {@link ShardError}, uncompressed size included. */
  readonly maxShardBytes: number;
}

/** A shard that has been fetched. */
export interface FetchedShard {
  readonly bytes: number;
  readonly items: AsyncIterable<ShardItem> | Iterable<ShardItem>;
}

/**
 * Fetches a shard, plain or gzip, and gives its responses.
 * @throws {@link ShardError} when it cannot be read as one, here or while its items are read.
 */
export async function readShard(
  store: ObjectStore,
  shard: Shard,
  options: ReadShardOptions,
): Promise<FetchedShard> {
  const { uri, size, generation } = shard.object;
  if (size > options.maxShardBytes) {
    throw new ShardError(`its ${size} bytes exceed maxShardBytes ${options.maxShardBytes}`, {
      uri,
    });
  }
  const parts: Uint8Array[] = [];
  try {
    const reading = store.read(uri, { generation, signal: options.signal });
    for await (const part of reading) parts.push(part);
  } catch (error) {
    throw asShardError(error, uri);
  }
  const bytes = await unzip(Buffer.concat(parts), uri, options.maxShardBytes);
  return { bytes: bytes.length, items: parseItems(bytes, shard) };
}

/** What is wrong with this object concerns this shard; what is wrong with the store concerns all. */
function asShardError(error: unknown, uri: string): unknown {
  if (!(error instanceof StorageError)) return error;
  const isOfObject = error.reason === "corrupt" || error.reason === "notFound";
  return isOfObject ? new ShardError(error.message, { uri }, { cause: error }) : error;
}

async function unzip(bytes: Buffer, uri: string, maxOutputLength: number): Promise<Buffer> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength });
  } catch (error) {
    throw new ShardError((error as Error).message, { uri }, { cause: error });
  }
}

function* parseItems(bytes: Buffer, shard: Shard): Generator<ShardItem, void, undefined> {
  const { uri } = shard.object;
  const { responses, fileUri, fileError } = shapeOf(parseShardJson(bytes, uri), uri);
  if (fileError !== undefined) yield { number: 0, fileUri, response: { error: fileError } };
  let number = shard.first;
  for (const response of responses) yield { number: number++, fileUri, response };
}

interface ShardShape {
  readonly fileUri?: string;
  readonly fileError?: unknown;
  readonly responses: readonly unknown[];
}

/** The service writes `{ responses }`, with `inputConfig` for files; other clients dump a bare list or a bare response. */
function shapeOf(content: unknown, uri: string): ShardShape {
  if (Array.isArray(content)) return { responses: content };
  if (!isObject(content)) {
    throw new ShardError("expected an object or a list", { uri, byteOffset: 0 });
  }
  const inputConfig = content["inputConfig"] ?? content["input_config"];
  const { responses } = content;
  if (isObject(inputConfig)) return fileShape(content, inputConfig, uri);
  if (responses === undefined) return { responses: [content] };
  return { responses: listOf(responses, uri) };
}

function fileShape(content: JsonObject, inputConfig: JsonObject, uri: string): ShardShape {
  const source = inputConfig["gcsSource"] ?? inputConfig["gcs_source"];
  const fileUri = isObject(source) && typeof source["uri"] === "string" ? source["uri"] : "";
  const responses = listOf(content["responses"] ?? [], uri);
  const { error } = content;
  return responses.length === 0 && isObject(error)
    ? { fileUri, fileError: error, responses }
    : { fileUri, responses };
}

function listOf(value: unknown, uri: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new ShardError("its responses are no list", { uri });
}

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { StorageError } from "../errors/index.ts";
import { crc32c, formatCrc32c } from "./crc32c.ts";
import { fromFileError } from "./file-errors.ts";
import { formatGsUri, parseGsUri, parseObjectUri } from "./gs-uri.ts";
import { ObjectDirectory, type ObjectDirectoryOptions } from "./object-directory.ts";
import type { ObjectInfo, ObjectStore, ReadOptions, WriteOptions } from "./object-store.ts";
import type { OpenedObject } from "./opened-object.ts";
import { checkRange } from "./read-range.ts";
import type { StoredObject } from "./stored-object.ts";

/**
 * An {@link ObjectStore} over the files `root/<bucket>/<name>`.
 *
 * A read goes on with the generation that it began with, and yields the stored bytes. The CRC32C is
 * kept, and then checked, for objects that have a sidecar: those with attributes that the file does
 * not tell, written through a server that computes it.
 * @param root the folder, or an {@link ObjectDirectory} to share with a server.
 */
export function createDirectoryStore(
  root: string | ObjectDirectory,
  options: ObjectDirectoryOptions = {},
): ObjectStore {
  const directory = typeof root === "string" ? new ObjectDirectory(root, options) : root;
  // A server is asked for the checksums, and would read all content again for them.
  const hashed = typeof root !== "string";
  return {
    list: (prefix, { signal } = {}) => listObjects(directory, prefix, signal),
    stat: (uri, { signal } = {}) => inOrder(signal, () => statObject(directory, uri)),
    read: (uri, readOptions = {}) => readObject(directory, uri, readOptions),
    write: (uri, content, writeOptions = {}) =>
      writeObject(directory, uri, { ...writeOptions, content, hashed }),
    delete: (uri, { ifGenerationMatch, signal } = {}) =>
      inOrder(signal, () => {
        const { bucket, name } = parseObjectUri(uri);
        return directory.remove(bucket, name, { ifGenerationMatch });
      }),
  };
}

function toObjectInfo(object: StoredObject): ObjectInfo {
  const { bucket, name, generation, size, timeCreated, attributes, hashes } = object;
  const { contentType, contentEncoding } = attributes;
  return {
    uri: formatGsUri(bucket, name),
    bucket,
    name,
    generation,
    size,
    contentType,
    updated: timeCreated,
    ...(hashes === undefined ? {} : { crc32c: hashes.crc32c }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
  };
}

async function* listObjects(
  directory: ObjectDirectory,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectInfo, void, undefined> {
  signal?.throwIfAborted();
  const { bucket, name } = parseGsUri(prefix);
  for await (const object of directory.list(bucket, { prefix: name, from: "" })) {
    signal?.throwIfAborted();
    yield toObjectInfo(object);
  }
}

function statObject(directory: ObjectDirectory, uri: string): ObjectInfo | undefined {
  const { bucket, name } = parseObjectUri(uri);
  const object = directory.find(bucket, name);
  return object === undefined ? undefined : toObjectInfo(object);
}

async function* readObject(
  directory: ObjectDirectory,
  uri: string,
  { generation, start = 0, end, signal }: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  signal?.throwIfAborted();
  checkRange(uri, { start, end });
  const { bucket, name } = parseObjectUri(uri);
  const opened = directory.open(bucket, name);
  try {
    if (opened === undefined) throw notThere(uri, generation);
    const { size, generation: found } = opened.object;
    if ((generation ?? found) !== found) throw notThere(uri, generation);
    yield* checked(opened, { uri, start, end: Math.min(size, (end ?? size - 1) + 1), signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw fromFileError(error, uri);
  } finally {
    opened?.close();
  }
}

async function* checked(
  opened: OpenedObject,
  range: { uri: string; start: number; end: number; signal: AbortSignal | undefined },
): AsyncGenerator<Uint8Array, void, undefined> {
  const { size, hashes } = opened.object;
  const isWhole = range.start === 0 && range.end === size;
  let crc = 0;
  for await (const chunk of opened.read(range.start, range.end)) {
    range.signal?.throwIfAborted();
    if (isWhole && hashes !== undefined) crc = crc32c(chunk, crc);
    yield chunk;
    range.signal?.throwIfAborted();
  }
  if (isWhole && hashes !== undefined && formatCrc32c(crc) !== hashes.crc32c) {
    const message = `${range.uri} has the CRC32C ${formatCrc32c(crc)}, not ${hashes.crc32c}: its content is damaged`;
    throw new StorageError(message, { reason: "corrupt", uri: range.uri });
  }
}

interface ContentWrite extends WriteOptions {
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Whether the checksums are computed on the way. */
  readonly hashed: boolean;
}

async function writeObject(
  directory: ObjectDirectory,
  uri: string,
  write: ContentWrite,
): Promise<ObjectInfo> {
  const { content, hashed, signal, ifGenerationMatch, contentType, contentEncoding } = write;
  signal?.throwIfAborted();
  const { bucket, name } = parseObjectUri(uri);
  const staged = await directory.stage(bucket, { hashed });
  try {
    for await (const chunk of content instanceof Uint8Array ? [content] : content) {
      signal?.throwIfAborted();
      await staged.write(chunk);
    }
    signal?.throwIfAborted();
  } catch (error) {
    staged.discard();
    signal?.throwIfAborted();
    // What the caller's content threw is the caller's own.
    throw error;
  }
  const object = directory.commit(staged, name, {
    conditions: { ifGenerationMatch },
    attributes: {
      ...(contentType === undefined ? {} : { contentType }),
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
    },
  });
  return toObjectInfo(object);
}

async function inOrder<T>(signal: AbortSignal | undefined, step: () => T): Promise<T> {
  signal?.throwIfAborted();
  return Promise.resolve(step());
}

function notThere(uri: string, generation: string | undefined): StorageError {
  const what = generation === undefined ? uri : `generation ${generation} of ${uri}`;
  return new StorageError(`${what} does not exist`, { reason: "notFound", uri });
}

import { StorageError } from "../errors/index.ts";
import { openCloudStorage, type CloudStorageConnection } from "./cloud-storage-connection.ts";
import { fromCloudError } from "./cloud-storage-errors.ts";
import type { CloudStorageOptions } from "./cloud-storage-options.ts";
import { readCloudObject } from "./cloud-storage-read.ts";
import { checkName } from "./check-name.ts";
import { SourceError, writeCloudObject, type ObjectResource } from "./cloud-storage-write.ts";
import { formatGsUri, parseGsUri, parseObjectUri } from "./gs-uri.ts";
import { listPath, objectPath } from "./json-api-paths.ts";
import type { ObjectInfo, ObjectStore } from "./object-store.ts";
import { givingAway } from "./given-parts.ts";

const itemFields = "name,generation,size,crc32c,contentType,contentEncoding,timeCreated";

/**
 * An {@link ObjectStore} over the JSON API of Cloud Storage, with the credentials of google-auth-library.
 *
 * A read is pinned to the generation that it began with, goes on at its offset after a transient
 * error, yields the stored bytes (compressed content stays compressed) and checks the CRC32C of a
 * whole object. A write with a condition is sent once, because after a lost answer a second would
 * meet its own object; everything else is repeated after a transient error.
 */
export function createCloudStorageStore(options: CloudStorageOptions = {}): ObjectStore {
  let opening: Promise<CloudStorageConnection> | undefined;
  const connect = (): Promise<CloudStorageConnection> =>
    (opening ??= openCloudStorage(options).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  return givingAway({
    list: (prefix, { signal } = {}) =>
      iterated(prefix, signal, async function* () {
        yield* listObjects(await connect(), prefix, signal);
      }),
    stat: (uri, { signal } = {}) =>
      tried(uri, signal, async () => statObject(await connect(), uri, signal)),
    read: (uri, readOptions = {}) => readCloudObject(connect, uri, readOptions),
    write: (uri, content, writeOptions = {}) =>
      tried(uri, writeOptions.signal, async () => {
        checkName(uri);
        const write = { ...writeOptions, content };
        return toInfo(uri, await writeCloudObject(await connect(), uri, write));
      }),
    delete: (uri, deleteOptions = {}) =>
      tried(uri, deleteOptions.signal, async () =>
        deleteObject(await connect(), uri, deleteOptions),
      ),
  });
}

async function* listObjects(
  connection: CloudStorageConnection,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ObjectInfo, void, undefined> {
  const { bucket, name } = parseGsUri(prefix);
  const fields = `items(${itemFields}),nextPageToken`;
  let pageToken: string | undefined;
  do {
    const page = await connection.json({
      method: "GET",
      path: listPath(prefix),
      query: { prefix: name, fields, pageToken },
      signal,
    });
    if (page === undefined) throw notFound(prefix, `the bucket gs://${bucket} does not exist`);
    for (const item of (page["items"] ?? []) as readonly ObjectResource[]) {
      signal?.throwIfAborted();
      yield toInfo(formatGsUri(bucket, String(item["name"])), item);
    }
    pageToken = page["nextPageToken"] as string | undefined;
  } while (pageToken !== undefined);
}

async function statObject(
  connection: CloudStorageConnection,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo | undefined> {
  checkName(uri);
  const query = { fields: itemFields };
  const item = await connection.json({ method: "GET", path: objectPath(uri), query, signal });
  return item === undefined ? undefined : toInfo(uri, item);
}

async function deleteObject(
  connection: CloudStorageConnection,
  uri: string,
  options: NonNullable<Parameters<ObjectStore["delete"]>[1]>,
): Promise<boolean> {
  checkName(uri);
  const { ifGenerationMatch, signal } = options;
  const query = { ifGenerationMatch };
  let isRepeated = false;
  const onRepeat = (): void => {
    isRepeated = true;
  };
  const request = { method: "DELETE", path: objectPath(uri), query, signal } as const;
  const done = await connection.json(request, { onRepeat });
  // What is gone after a lost answer was there before it.
  return done !== undefined || isRepeated;
}

function toInfo(uri: string, item: ObjectResource): ObjectInfo {
  const text = (field: string): string | undefined => {
    const value = item[field];
    return typeof value === "string" ? value : undefined;
  };
  const optional = {
    crc32c: text("crc32c"),
    contentType: text("contentType"),
    contentEncoding: text("contentEncoding"),
  };
  return {
    uri,
    ...parseObjectUri(uri),
    generation: text("generation") ?? "",
    size: Number(item["size"]),
    updated: text("timeCreated") ?? "",
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function notFound(uri: string, message: string): StorageError {
  return new StorageError(message, { reason: "notFound", uri });
}

/** Runs a call, and tells what it throws as a {@link StorageError} unless it is the signal's reason or the caller's own. */
async function tried<T>(
  uri: string,
  signal: AbortSignal | undefined,
  call: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await call();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SourceError) throw error.cause;
    throw fromCloudError(error, uri);
  }
}

async function* iterated<T>(
  uri: string,
  signal: AbortSignal | undefined,
  run: () => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  signal?.throwIfAborted();
  try {
    yield* run();
  } catch (error) {
    signal?.throwIfAborted();
    throw fromCloudError(error, uri);
  }
}

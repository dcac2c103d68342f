import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import type { ObjectDirectory } from "../../storage/object-directory.ts";
import type { OpenedObject } from "../../storage/opened-object.ts";
import { ApiError } from "./api-error.ts";
import { requestedRange, type ByteRange } from "./content-range.ts";
import { checkReadable, needBucket, noSuchObject } from "./object-methods.ts";
import { errorReply, type Reply } from "./reply.ts";
import { etagOf } from "./resources.ts";
import { namesOf, type StorageRequest } from "./storage-request.ts";

/** `objects.get` of the content. */
export async function getMedia(
  directory: ObjectDirectory,
  request: StorageRequest,
): Promise<Reply> {
  const { bucket, name } = namesOf(request);
  needBucket(directory, bucket);
  const opened = directory.open(bucket, name);
  if (opened === undefined) throw noSuchObject(request);
  try {
    checkReadable(request, opened.object);
    return await mediaReply(opened, request);
  } catch (error) {
    opened.close();
    throw error;
  }
}

async function mediaReply(opened: OpenedObject, request: StorageRequest): Promise<Reply> {
  const headers = await describingHeaders(opened);
  if (isToBeUnzipped(opened, request)) return unzippedReply(opened, headers);
  const { size } = opened.object;
  const range = requestedRange(request.headers.range, size);
  if (range === "unsatisfiable") return unsatisfiable(opened);
  const { contentEncoding } = opened.object.attributes;
  const encoding = textHeaders({ "content-encoding": contentEncoding });
  return {
    status: range === undefined ? 200 : 206,
    headers: { ...headers, ...encoding, ...lengthHeaders(range, size) },
    body: opened.read(range?.start, range?.end),
    close: () => {
      opened.close();
    },
  };
}

/** Gzip content goes out unzipped to who does not accept it. Source: https://cloud.google.com/storage/docs/transcoding */
function isToBeUnzipped({ object }: OpenedObject, request: StorageRequest): boolean {
  const { contentEncoding, cacheControl = "" } = object.attributes;
  if (contentEncoding !== "gzip" || /\bno-transform\b/.test(cacheControl)) return false;
  return !/\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
}

function unzippedReply(opened: OpenedObject, headers: Reply["headers"]): Reply {
  const stored = Readable.from(opened.read(), { objectMode: false });
  const gunzip = createGunzip();
  // Not a pipeline: it would wait for both ends even where the client went away.
  stored.on("error", (error) => gunzip.destroy(error));
  return {
    status: 200,
    headers: { ...headers, warning: "214 UploadServer gunzipped", vary: "Accept-Encoding" },
    body: stored.pipe(gunzip),
    close: () => {
      stored.destroy();
      gunzip.destroy();
      opened.close();
    },
  };
}

async function describingHeaders(opened: OpenedObject): Promise<Record<string, string | number>> {
  const { object } = opened;
  const { attributes, componentCount } = object;
  const hashes = await opened.hashes();
  const md5 = componentCount === undefined ? `,md5=${hashes.md5Hash}` : "";
  const texts = textHeaders({
    "content-type": attributes.contentType,
    "cache-control": attributes.cacheControl,
    "content-disposition": attributes.contentDisposition,
    "content-language": attributes.contentLanguage,
    "x-goog-storage-class": attributes.storageClass ?? "STANDARD",
    "x-goog-stored-content-encoding": attributes.contentEncoding ?? "identity",
  });
  return {
    "accept-ranges": "bytes",
    etag: etagOf(object),
    "last-modified": new Date(object.updated).toUTCString(),
    "x-goog-generation": object.generation,
    "x-goog-metageneration": object.metageneration,
    "x-goog-hash": `crc32c=${hashes.crc32c}${md5}`,
    "x-goog-stored-content-length": object.size,
    ...texts,
  };
}

/** The headers that have a value, as the bytes of its UTF-8, each written as the character that a header takes. */
function textHeaders(
  headers: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Buffer.from(value).toString("latin1")]],
    ),
  );
}

function lengthHeaders(
  range: ByteRange | undefined,
  size: number,
): Record<string, string | number> {
  if (range === undefined) return { "content-length": size };
  return {
    "content-length": range.end - range.start,
    "content-range": `bytes ${range.start}-${range.end - 1}/${size}`,
  };
}

function unsatisfiable(opened: OpenedObject): Reply {
  opened.close();
  const reply = errorReply(new ApiError(416, "Request range not satisfiable"));
  const range = `bytes */${opened.object.size}`;
  return { ...reply, headers: { ...reply.headers, "content-range": range } };
}

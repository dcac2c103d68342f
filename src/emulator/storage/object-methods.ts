import { failedPrecondition, type Preconditions } from "../../storage/preconditions.ts";
import type { ObjectDirectory } from "../../storage/object-directory.ts";
import type { StoredObject } from "../../storage/stored-object.ts";
import { ApiError, notFound } from "./api-error.ts";
import { attributesOf, patchedAttributes } from "./attributes.ts";
import { applyMask, asksFor, maskBelow, parseFields, type FieldsMask } from "./fields-mask.ts";
import type { ListingMemory } from "./listing-memory.ts";
import { globExpression } from "./match-glob.ts";
import { emptyReply, jsonReply, type Reply } from "./reply.ts";
import { etagOf, objectResource } from "./resources.ts";
import {
  bucketOf,
  int64Of,
  namesOf,
  pageSizeOf,
  preconditionsOf,
  readJsonBody,
  type StorageRequest,
} from "./storage-request.ts";

/**
 * Checks that an object is the one that a request asks to see.
 * @throws ApiError 404 in another generation, 304 or 412 where a condition does not hold.
 */
export function checkReadable(request: StorageRequest, object: StoredObject): void {
  const generation = int64Of(request.query, "generation");
  if ((generation ?? object.generation) !== object.generation) throw noSuchObject(request);
  const failed = failedPrecondition(preconditionsOf(request.query), object);
  if (failed !== undefined) throw unmet(failed);
}

/** The answer where there is no such object. */
export function noSuchObject(request: StorageRequest): ApiError {
  const { bucket, name } = namesOf(request);
  return notFound(`the object ${bucket}/${name}`);
}

/** `objects.get` of the resource. */
export async function getObject(
  directory: ObjectDirectory,
  request: StorageRequest,
): Promise<Reply> {
  const { bucket, name } = namesOf(request);
  needBucket(directory, bucket);
  const object = directory.find(bucket, name);
  if (object === undefined) throw noSuchObject(request);
  checkReadable(request, object);
  return resourceReply(directory, request, object);
}

/** `objects.list`. */
export async function listObjects(
  directory: ObjectDirectory,
  listings: ListingMemory,
  request: StorageRequest,
): Promise<Reply> {
  const { query } = request;
  const glob = query.get("matchGlob");
  const page = await listings.page(
    {
      bucket: bucketOf(request),
      prefix: query.get("prefix") ?? "",
      delimiter: query.get("delimiter") ?? "",
      startOffset: query.get("startOffset") ?? "",
      endOffset: query.get("endOffset") || undefined,
      includeTrailingDelimiter: query.get("includeTrailingDelimiter") === "true",
      glob: glob === null || glob === "" ? undefined : globExpression(glob),
    },
    { pageToken: query.get("pageToken") || undefined, maxResults: pageSizeOf(query) },
  );
  const mask = parseFields(query.get("fields"));
  const items = asksFor(mask, "items")
    ? await describeAll(directory, page.objects, { request, mask: maskBelow(mask, "items") })
    : [];
  const list = {
    kind: "storage#objects",
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
    ...(page.prefixes.length === 0 ? {} : { prefixes: page.prefixes }),
    ...(items.length === 0 ? {} : { items }),
  };
  return jsonReply(applyMask(list, mask));
}

/** `objects.patch`, and `objects.update`, which begins from nothing but the content type. */
export async function changeObject(
  directory: ObjectDirectory,
  request: StorageRequest,
  mode: "patch" | "update",
): Promise<Reply> {
  const { bucket, name } = namesOf(request);
  const body = await readJsonBody(request);
  // Refuses a value that is not right, before the change begins.
  const given = attributesOf(body);
  const found = directory.find(bucket, name);
  const generation = int64Of(request.query, "generation");
  const isThere = found !== undefined && (generation ?? found.generation) === found.generation;
  const object = isThere
    ? directory.patch(bucket, name, {
        conditions: preconditionsOf(request.query),
        attributes: (before) => (mode === "patch" ? patchedAttributes(before, body) : given),
      })
    : undefined;
  if (object === undefined) throw noSuchObject(request);
  return resourceReply(directory, request, object);
}

/** `objects.delete`. */
export function deleteObject(directory: ObjectDirectory, request: StorageRequest): Reply {
  const { bucket, name } = namesOf(request);
  needBucket(directory, bucket);
  const generation = int64Of(request.query, "generation");
  const found = directory.find(bucket, name);
  const isThere = found !== undefined && (generation ?? found.generation) === found.generation;
  if (!isThere) throw noSuchObject(request);
  directory.remove(bucket, name, preconditionsOf(request.query));
  return emptyReply(204);
}

/** The answer that shows an object, cut to the fields that were asked for. */
export async function resourceReply(
  directory: ObjectDirectory,
  request: StorageRequest,
  object: StoredObject,
): Promise<Reply> {
  const mask = parseFields(request.query.get("fields"));
  const [resource] = await describeAll(directory, [object], { request, mask });
  return jsonReply(resource, { etag: etagOf(object) });
}

/** @throws ApiError 404 where there is no such bucket. */
export function needBucket(directory: ObjectDirectory, bucket: string): void {
  if (!directory.buckets.has(bucket)) throw notFound(`the bucket ${bucket}`);
}

/** The answer where a condition on what is read does not hold: 304 for one that asks for a change. */
export function unmet(failed: keyof Preconditions): ApiError {
  const message = `At least one of the pre-conditions you specified did not hold: ${failed}`;
  return new ApiError(failed.endsWith("NotMatch") ? 304 : 412, message);
}

async function describeAll(
  directory: ObjectDirectory,
  objects: readonly StoredObject[],
  options: { readonly request: StorageRequest; readonly mask: FieldsMask | undefined },
): Promise<unknown[]> {
  const { request, mask } = options;
  // Only then is the content of plain files read.
  const needsHashes = asksFor(mask, "crc32c") || asksFor(mask, "md5Hash");
  const resources: unknown[] = [];
  for (const object of objects) {
    const hashes = needsHashes ? await directory.hashes(object) : undefined;
    resources.push(applyMask(objectResource(object, hashes, request.origin), mask));
  }
  return resources;
}

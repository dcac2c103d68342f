import type { StoredBucket } from "../../storage/bucket-folders.ts";
import type { ObjectDirectory } from "../../storage/object-directory.ts";
import { failedPrecondition } from "../../storage/preconditions.ts";
import { ApiError, badRequest, notFound } from "./api-error.ts";
import { applyMask, parseFields } from "./fields-mask.ts";
import { unmet } from "./object-methods.ts";
import { emptyReply, jsonReply, type Reply } from "./reply.ts";
import { bucketResource } from "./resources.ts";
import {
  bucketOf,
  pageSizeOf,
  preconditionsOf,
  readJsonBody,
  type StorageRequest,
} from "./storage-request.ts";

/** Fields of a bucket's resource that the service sets. */
const readOnlyFields = new Set([
  ...["kind", "id", "name", "selfLink", "projectNumber", "metageneration", "etag"],
  ...["timeCreated", "updated"],
]);

/** `buckets.insert`. */
export async function insertBucket(
  directory: ObjectDirectory,
  request: StorageRequest,
): Promise<Reply> {
  const { name, ...fields } = await readJsonBody(request);
  if (typeof name !== "string") throw badRequest("the bucket has no name");
  const bucket = directory.buckets.create(name, patched({}, fields));
  if (bucket === undefined) {
    throw new ApiError(409, `Your previous request to create the bucket ${name} succeeded`);
  }
  return bucketReply(bucket, request);
}

/** `buckets.get`. */
export function getBucket(directory: ObjectDirectory, request: StorageRequest): Reply {
  return bucketReply(found(directory, request), request);
}

/** `buckets.list`. */
export function listBuckets(directory: ObjectDirectory, request: StorageRequest): Reply {
  const { query, origin } = request;
  const maxResults = pageSizeOf(query);
  const after = query.get("pageToken") ?? "";
  const buckets = directory.buckets
    .list()
    .filter(({ name }) => name > after && name.startsWith(query.get("prefix") ?? ""));
  const page = buckets.slice(0, maxResults);
  const nextPageToken = page.length < buckets.length ? page.at(-1)?.name : undefined;
  const list = {
    kind: "storage#buckets",
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(page.length === 0 ? {} : { items: page.map((bucket) => bucketResource(bucket, origin)) }),
  };
  return jsonReply(applyMask(list, parseFields(query.get("fields"))));
}

/** `buckets.patch`, and `buckets.update`, which begins from nothing. */
export async function changeBucket(
  directory: ObjectDirectory,
  request: StorageRequest,
  mode: "patch" | "update",
): Promise<Reply> {
  const fields = await readJsonBody(request);
  const { name } = found(directory, request);
  const bucket = directory.buckets.update(name, ({ attributes }) =>
    patched(mode === "patch" ? attributes : {}, fields),
  );
  if (bucket === undefined) throw notFound(`the bucket ${name}`);
  return bucketReply(bucket, request);
}

/** `buckets.delete`: only an empty one. */
export async function deleteBucket(
  directory: ObjectDirectory,
  request: StorageRequest,
): Promise<Reply> {
  const { name } = found(directory, request);
  for await (const object of directory.list(name, { prefix: "", from: "" })) {
    throw new ApiError(409, `The bucket you tried to delete is not empty: ${object.name}`);
  }
  directory.buckets.remove(name);
  return emptyReply(204);
}

/** The bucket of a request, after its conditions were found to hold. */
function found(directory: ObjectDirectory, request: StorageRequest): StoredBucket {
  const name = bucketOf(request);
  const bucket = directory.buckets.find(name);
  if (bucket === undefined) throw notFound(`the bucket ${name}`);
  const conditions = preconditionsOf(request.query);
  const failed = failedPrecondition(conditions, { ...bucket, generation: "0" });
  if (failed === undefined) return bucket;
  throw request.verb === "GET" ? unmet(failed) : new ApiError(412, `${failed} does not hold`);
}

function bucketReply(bucket: StoredBucket, request: StorageRequest): Reply {
  const resource = bucketResource(bucket, request.origin);
  return jsonReply(applyMask(resource, parseFields(request.query.get("fields"))));
}

/** Attributes after a patch: null removes a field, and in a map such as `labels` an entry. */
function patched(
  before: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const after = { ...before };
  for (const [field, value] of Object.entries(fields)) {
    if (readOnlyFields.has(field)) continue;
    const old = after[field];
    if (value === null) delete after[field];
    else after[field] = isMap(value) && isMap(old) ? withoutNulls({ ...old, ...value }) : value;
  }
  return after;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutNulls(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
}

import { failedPrecondition } from "../../storage/preconditions.ts";
import type { ObjectDirectory } from "../../storage/object-directory.ts";
import type { OpenedObject } from "../../storage/opened-object.ts";
import type { ObjectAttributes, StoredObject } from "../../storage/stored-object.ts";
import { ApiError, badRequest, notFound } from "./api-error.ts";
import { attributesOf } from "./attributes.ts";
import { needBucket, resourceReply } from "./object-methods.ts";
import { jsonReply, type Reply } from "./reply.ts";
import { objectResource } from "./resources.ts";
import {
  int64Of,
  namesOf,
  preconditionsOf,
  readJsonBody,
  type StorageRequest,
} from "./storage-request.ts";

// Source: https://cloud.google.com/storage/docs/composite-objects
const maxSources = 32;

interface Named {
  readonly bucket: string;
  readonly name: string;
}

/** `objects.copy`. */
export async function copyObject(
  directory: ObjectDirectory,
  request: StorageRequest,
): Promise<Reply> {
  const { object } = await copy(directory, request, destinationOf(request));
  return resourceReply(directory, request, object);
}

/** `objects.rewrite`, done in one call whatever the size. */
export async function rewriteObject(
  directory: ObjectDirectory,
  request: StorageRequest,
): Promise<Reply> {
  const { object } = await copy(directory, request, destinationOf(request));
  const resource = objectResource(object, await directory.hashes(object), request.origin);
  const size = String(object.size);
  const done = { done: true, totalBytesRewritten: size, objectSize: size, resource };
  return jsonReply({ kind: "storage#rewriteResponse", ...done });
}

/** `objects.move` within a bucket. */
export async function moveObject(
  directory: ObjectDirectory,
  request: StorageRequest,
): Promise<Reply> {
  const source = namesOf(request);
  const to = { bucket: source.bucket, name: request.route.toObject ?? "" };
  if (to.name === source.name) throw badRequest("the object already has this name");
  const { object, generation } = await copy(directory, request, to);
  const isMoved = directory.find(source.bucket, source.name)?.generation === generation;
  // Else it is what another call has written under the old name meanwhile.
  if (isMoved) directory.remove(source.bucket, source.name);
  return resourceReply(directory, request, object);
}

/** `objects.compose`. */
export async function composeObject(
  directory: ObjectDirectory,
  request: StorageRequest,
): Promise<Reply> {
  const to = namesOf(request);
  const body = await readJsonBody(request);
  const sources = Array.isArray(body["sourceObjects"]) ? (body["sourceObjects"] as unknown[]) : [];
  if (sources.length === 0 || sources.length > maxSources) {
    throw badRequest(`a composition has 1 to ${maxSources} source objects, not ${sources.length}`);
  }
  const opened: OpenedObject[] = [];
  try {
    for (const source of sources) opened.push(openComponent(directory, to.bucket, source));
    const components = opened.map(({ object }) => object.componentCount ?? 1);
    const object = await writeFrom(directory, opened, {
      ...to,
      request,
      attributes: attributesOf((body["destination"] ?? {}) as Record<string, unknown>),
      componentCount: components.reduce((sum, count) => sum + count, 0),
    });
    return await resourceReply(directory, request, object);
  } finally {
    for (const source of opened) source.close();
  }
}

function destinationOf({ route }: StorageRequest): Named {
  return { bucket: route.toBucket ?? "", name: route.toObject ?? "" };
}

/** Copies an object; `generation` is that of the source. */
async function copy(
  directory: ObjectDirectory,
  request: StorageRequest,
  to: Named,
): Promise<{ readonly object: StoredObject; readonly generation: string }> {
  const from = namesOf(request);
  const attributes = attributesOf(await readJsonBody(request));
  needBucket(directory, from.bucket);
  const source = openSource(directory, from, {
    generation: int64Of(request.query, "sourceGeneration"),
    conditions: preconditionsOf(request.query, "Source"),
  });
  try {
    const own = source.object.attributes;
    const given = Object.keys(attributes).length === 0 ? own : attributes;
    const object = await writeFrom(directory, [source], {
      ...to,
      request,
      attributes: { contentType: own.contentType, ...given },
      componentCount: source.object.componentCount,
    });
    return { object, generation: source.object.generation };
  } finally {
    source.close();
  }
}

function openComponent(directory: ObjectDirectory, bucket: string, source: unknown): OpenedObject {
  const { name, generation, objectPreconditions } = (source ?? {}) as {
    name?: unknown;
    generation?: string | number;
    objectPreconditions?: { ifGenerationMatch?: string | number };
  };
  if (typeof name !== "string") throw badRequest("a source object has no name");
  const wanted = objectPreconditions?.ifGenerationMatch;
  return openSource(
    directory,
    { bucket, name },
    {
      generation: generation === undefined ? undefined : String(generation),
      conditions: { ifGenerationMatch: wanted === undefined ? undefined : String(wanted) },
    },
  );
}

function openSource(
  directory: ObjectDirectory,
  { bucket, name }: Named,
  wanted: {
    readonly generation: string | undefined;
    readonly conditions: Parameters<typeof failedPrecondition>[0];
  },
): OpenedObject {
  const opened = directory.open(bucket, name);
  const isThere =
    opened !== undefined &&
    (wanted.generation ?? opened.object.generation) === opened.object.generation;
  const failed = isThere ? failedPrecondition(wanted.conditions, opened.object) : undefined;
  if (isThere && failed === undefined) return opened;
  opened?.close();
  if (!isThere) throw notFound(`the object ${bucket}/${name}`);
  throw new ApiError(412, `${failed} does not hold of the source ${bucket}/${name}`);
}

/** Writes the contents of opened objects, one after the other, as one object. */
async function writeFrom(
  directory: ObjectDirectory,
  sources: readonly OpenedObject[],
  to: Named & {
    readonly request: StorageRequest;
    readonly attributes: ObjectAttributes;
    readonly componentCount: number | undefined;
  },
): Promise<StoredObject> {
  const staged = await directory.stage(to.bucket, { hashed: true });
  try {
    for (const source of sources) {
      for await (const chunk of source.read()) await staged.write(chunk);
    }
  } catch (error) {
    staged.discard();
    throw error;
  }
  const { attributes, componentCount } = to;
  const conditions = preconditionsOf(to.request.query);
  return directory.commit(staged, to.name, { conditions, attributes, componentCount });
}

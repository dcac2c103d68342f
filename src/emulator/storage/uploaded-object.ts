import type { IncomingHttpHeaders } from "node:http";

import type { ObjectDirectory } from "../../storage/object-directory.ts";
import type { Preconditions } from "../../storage/preconditions.ts";
import type { StagedContent } from "../../storage/staged-content.ts";
import type { ContentHashes, ObjectAttributes, StoredObject } from "../../storage/stored-object.ts";
import { badRequest } from "./api-error.ts";
import { attributesOf } from "./attributes.ts";
import { bucketOf, preconditionsOf, type StorageRequest } from "./storage-request.ts";

/** What an upload says of the object that it makes. */
export interface UploadPlan {
  readonly bucket: string;
  readonly name: string;
  readonly attributes: ObjectAttributes;
  readonly conditions: Preconditions;
  /** Checksums that the client computed. */
  readonly expected: Partial<ContentHashes>;
}

/**
 * What the query and the resource of an upload say.
 * @param contentType of the content's own header; the resource's wins.
 * @throws ApiError 400 where no name is given.
 */
export function planUpload(
  request: StorageRequest,
  resource: Readonly<Record<string, unknown>>,
  contentType: string | undefined,
): UploadPlan {
  const name = request.query.get("name") ?? resource["name"];
  if (typeof name !== "string" || name === "") throw badRequest("Required parameter: name");
  const encoding = request.query.get("contentEncoding");
  return {
    bucket: bucketOf(request),
    name,
    attributes: {
      ...attributesOf({
        // Source: https://cloud.google.com/storage/docs/metadata#content-type
        contentType: contentType ?? "application/octet-stream",
        ...(encoding === null ? {} : { contentEncoding: encoding }),
      }),
      ...attributesOf(resource),
    },
    conditions: preconditionsOf(request.query),
    expected: { ...hashesIn(resource), ...hashesInHeader(request.headers) },
  };
}

/** The checksums in an `x-goog-hash` header: `crc32c=n03x6A==,md5=Ojk9c3dhfxgoKVVHYwFbHQ==`. */
export function hashesInHeader(headers: IncomingHttpHeaders): Partial<ContentHashes> {
  const header = String(headers["x-goog-hash"] ?? "");
  const valueOf = (kind: string): string | undefined =>
    new RegExp(`(?:^|,)\\s*${kind}=([^,\\s]+)`).exec(header)?.[1];
  return hashesIn({ crc32c: valueOf("crc32c"), md5Hash: valueOf("md5") });
}

/**
 * Makes uploaded content an object, or discards it.
 * @throws ApiError 400 where a checksum that the client gave differs.
 */
export function commitUpload(
  directory: ObjectDirectory,
  staged: StagedContent,
  { name, attributes, conditions, expected }: UploadPlan,
): StoredObject {
  for (const kind of ["crc32c", "md5Hash"] as const) {
    const [given, computed] = [expected[kind], staged.hashes?.[kind]];
    if (given === undefined || given === computed) continue;
    staged.discard();
    throw badRequest(`Provided ${kind} "${given}" doesn't match calculated ${kind} "${computed}".`);
  }
  return directory.commit(staged, name, { conditions, attributes });
}

function hashesIn(fields: Readonly<Record<string, unknown>>): Partial<ContentHashes> {
  const { crc32c, md5Hash } = fields;
  return {
    ...(typeof crc32c === "string" ? { crc32c } : {}),
    ...(typeof md5Hash === "string" ? { md5Hash } : {}),
  };
}

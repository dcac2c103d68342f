import type { StoredBucket } from "../../storage/bucket-folders.ts";
import type { ContentHashes, StoredObject } from "../../storage/stored-object.ts";

/** The resource of an object, as the JSON API shows it; int64 fields are strings. */
export function objectResource(
  object: StoredObject,
  hashes: ContentHashes | undefined,
  origin: string,
): Record<string, unknown> {
  const { bucket, name, generation, metageneration, timeCreated, componentCount } = object;
  const path = `b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`;
  return {
    kind: "storage#object",
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${origin}/storage/v1/${path}`,
    mediaLink: `${origin}/download/storage/v1/${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation,
    metageneration,
    storageClass: "STANDARD",
    size: String(object.size),
    ...(hashes === undefined ? {} : { crc32c: hashes.crc32c }),
    // A composed object has no MD5 in Cloud Storage.
    ...(hashes === undefined || componentCount !== undefined ? {} : { md5Hash: hashes.md5Hash }),
    ...(componentCount === undefined ? {} : { componentCount }),
    etag: etagOf(object),
    timeCreated,
    updated: object.updated,
    timeStorageClassUpdated: timeCreated,
    timeFinalized: timeCreated,
    ...object.attributes,
  };
}

/** The entity tag of an object: it changes with content and metadata. */
export function etagOf({ generation, metageneration }: StoredObject): string {
  return Buffer.from(`${generation}/${metageneration}`).toString("base64");
}

/** The resource of a bucket, as the JSON API shows it. */
export function bucketResource(bucket: StoredBucket, origin: string): Record<string, unknown> {
  const { name, metageneration, timeCreated, updated } = bucket;
  return {
    location: "US",
    locationType: "multi-region",
    storageClass: "STANDARD",
    iamConfiguration: {
      bucketPolicyOnly: { enabled: true },
      uniformBucketLevelAccess: { enabled: true },
      publicAccessPrevention: "inherited",
    },
    ...bucket.attributes,
    kind: "storage#bucket",
    id: name,
    name,
    selfLink: `${origin}/storage/v1/b/${encodeURIComponent(name)}`,
    projectNumber: "0",
    metageneration,
    etag: Buffer.from(metageneration).toString("base64"),
    timeCreated,
    updated,
  };
}

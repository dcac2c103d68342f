import type { Versioned } from "./preconditions.ts";

/** What a writer may say of an object beside its content; the names are those of the JSON API. */
export interface ObjectAttributes {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly contentDisposition?: string;
  readonly cacheControl?: string;
  readonly customTime?: string;
  readonly storageClass?: string;
  /** Custom metadata. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly eventBasedHold?: boolean;
  readonly temporaryHold?: boolean;
  readonly acl?: unknown;
  readonly contexts?: unknown;
  readonly retention?: unknown;
}

/** Checksums of an object's stored bytes, base64 as Cloud Storage writes them. */
export interface ContentHashes {
  readonly crc32c: string;
  readonly md5Hash: string;
}

/** The live generation of an object in a directory. */
export interface StoredObject extends Versioned {
  readonly bucket: string;
  readonly name: string;
  /** The size in bytes. */
  readonly size: number;
  /** RFC 3339. */
  readonly timeCreated: string;
  /** When content or attributes last changed, RFC 3339. */
  readonly updated: string;
  /** `contentType` is always set. */
  readonly attributes: ObjectAttributes & { readonly contentType: string };
  /** Checksums that were kept when the object was written; absent for a plain file. */
  readonly hashes?: ContentHashes;
  /** How many objects it was composed of; absent for one that was not composed. */
  readonly componentCount?: number;
}

/** What a store tells of one generation of an object. */
export interface ObjectInfo {
  /** `gs://<bucket>/<name>`. */
  readonly uri: string;
  /** The bucket, without `gs://`. */
  readonly bucket: string;
  /** The name within the bucket. */
  readonly name: string;
  /** The generation, a decimal int64; a later write of the same name has a larger one. */
  readonly generation: string;
  /** The size in bytes. */
  readonly size: number;
  /** CRC32C of the content, base64 of the big-endian bytes, as Cloud Storage writes it. */
  readonly crc32c?: string;
  /** The media type that it was written with; absent where it had none. */
  readonly contentType?: string;
  /** How its bytes are packed, e.g. `gzip`; absent where they are not. */
  readonly contentEncoding?: string;
  /** When this generation was written, RFC 3339. */
  readonly updated: string;
}

/** Options of {@link ObjectStore.read}. */
export interface ReadOptions {
  /** Reads this generation or fails with `notFound`. Default: the newest when the read begins, for the whole read. */
  readonly generation?: string | undefined;
  /** First byte, inclusive. Default 0; at or behind the end of the object nothing is read. */
  readonly start?: number | undefined;
  /** Last byte, inclusive. Default: the end. */
  readonly end?: number | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@link ObjectStore.write}. */
export interface WriteOptions {
  /** The media type. Default: none. */
  readonly contentType?: string | undefined;
  /** How the bytes are packed, e.g. `gzip`. Default: they are not. */
  readonly contentEncoding?: string | undefined;
  /** Writes only when the newest generation is this one; `"0"` writes only where no object is. */
  readonly ifGenerationMatch?: string | undefined;
  /** Ends the writing; nothing of the object appears then. */
  readonly signal?: AbortSignal | undefined;
}

/** A store of objects named by `gs://bucket/name` URIs; every method throws {@link StorageError}. */
export interface ObjectStore {
  /** The objects whose URI begins with `prefix` (`gs://bucket/any/prefix`), by name in code point order; pages are fetched as they are needed. */
  list(
    prefix: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): AsyncIterable<ObjectInfo>;
  /** What is known of an object, or undefined where there is none. */
  stat(
    uri: string,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ObjectInfo | undefined>;
  /** The stored bytes of an object, in order and never decompressed; a transient error goes on at its offset, and a whole read checks the CRC32C where one is kept. */
  read(uri: string, options?: ReadOptions): AsyncIterable<Uint8Array>;
  /** Writes an object whole: it appears complete or not at all. */
  write(
    uri: string,
    content: Uint8Array | AsyncIterable<Uint8Array>,
    options?: WriteOptions,
  ): Promise<ObjectInfo>;
  /** Deletes an object; false where there was none. */
  delete(
    uri: string,
    options?: {
      readonly ifGenerationMatch?: string | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<boolean>;
}

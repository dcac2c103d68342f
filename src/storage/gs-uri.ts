import { StorageError } from "../errors/index.ts";

/** The two parts of a `gs://bucket/name` URI. */
export interface GsUri {
  readonly bucket: string;
  /** The object's name or prefix, verbatim: nothing in it is decoded. Empty for a bare bucket. */
  readonly name: string;
}

const scheme = "gs://";

/** The `gs://bucket/name` URI of an object, its name verbatim. */
export function formatGsUri(bucket: string, name: string): string {
  return `${scheme}${bucket}/${name}`;
}

/**
 * Takes a `gs://` URI apart; the name may be empty and is kept verbatim, with spaces, `#`, `?`, `%` and all.
 * @throws {@link StorageError} `invalidArgument` when it is not such a URI or has no bucket.
 */
export function parseGsUri(uri: string): GsUri {
  if (!uri.startsWith(scheme)) throw invalid(uri, `does not begin with ${scheme}`);
  const slash = uri.indexOf("/", scheme.length);
  const bucket = uri.slice(scheme.length, slash === -1 ? undefined : slash);
  if (bucket === "") throw invalid(uri, "names no bucket");
  return { bucket, name: slash === -1 ? "" : uri.slice(slash + 1) };
}

/**
 * Takes the `gs://` URI of an object apart.
 * @throws {@link StorageError} `invalidArgument` when it is not such a URI or names no object.
 */
export function parseObjectUri(uri: string): GsUri {
  const parsed = parseGsUri(uri);
  if (parsed.name === "") throw invalid(uri, "names no object");
  return parsed;
}

/**
 * What is wrong with a bucket's name, or undefined.
 * Source: https://cloud.google.com/storage/docs/buckets#naming
 */
export function bucketNameProblem(bucket: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(bucket)) {
    return "a bucket's name has 3 to 63 lower-case letters, digits, '-', '_' or '.', and begins and ends with a letter or digit";
  }
  return bucket.split(".").some((part) => part.length > 63 || part === "")
    ? "each part between the dots of a bucket's name has 1 to 63 characters"
    : undefined;
}

/**
 * What is wrong with an object's name, or undefined.
 * Source: https://cloud.google.com/storage/docs/objects#naming
 */
export function objectNameProblem(name: string): string | undefined {
  if (name === "") return "an object's name is not empty";
  if (name === "." || name === "..") return "an object's name is not '.' or '..'";
  if (Buffer.byteLength(name) > 1024) return "an object's name has at most 1024 bytes of UTF-8";
  if (/[\r\n]/.test(name)) return "an object's name has no carriage return or line feed";
  if (/\p{Surrogate}/u.test(name)) return "an object's name is valid Unicode";
  if (name.startsWith(".well-known/acme-challenge/")) {
    return "an object's name does not begin with .well-known/acme-challenge/";
  }
  return undefined;
}

function invalid(uri: string, problem: string): StorageError {
  return new StorageError(`${JSON.stringify(uri)} ${problem}: use gs://bucket/name`, {
    reason: "invalidArgument",
    uri,
  });
}
